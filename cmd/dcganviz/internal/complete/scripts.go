package complete

import "strings"

// Script returns what makes a shell complete the command lines of a program:
// bash, zsh or fish. Of another shell it is empty.
//
// It asks the program that is being typed. If that is no program but an alias,
// say, it asks the installed one. The user learns how to install the script from
// "program completion --help".
func Script(shell, program string) string {
	return strings.ReplaceAll(scripts[shell], "PROGRAM", program)
}

// scripts are by shell; PROGRAM stands for the program's name.
var scripts = map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}

// bashScript runs in bash 3.2, too. That has no compopt, so a completion may end
// in a space too many.
const bashScript = `# Completes PROGRAM in bash. To install it: PROGRAM completion --help

_PROGRAM() {
    local program="${1/#\~\//$HOME/}" line="${COMP_LINE:0:${COMP_POINT:-${#COMP_LINE}}}"
    local todo="" value="" cut="" add=""
    COMPREPLY=()
    [ -n "$(type -P "$program")" ] || program=PROGRAM
    {
        IFS= read -r todo
        IFS= read -r value
        IFS= read -r cut
        IFS= read -r add
        while IFS= read -r line; do
            COMPREPLY[${#COMPREPLY[@]}]=$line
        done
    } < <("$program" __complete bash "$COMP_WORDBREAKS" "$line" 2>/dev/null </dev/null)
    case $todo in
    open) compopt +o default +o bashdefault -o nospace ;;
    words) compopt +o default +o bashdefault ;;
    values) compopt +o default +o bashdefault -o filenames ;;
    folders) compopt +o default +o bashdefault -o dirnames ;;
    files)
        compopt +o default +o bashdefault -o filenames
        while IFS= read -r line; do
            COMPREPLY[${#COMPREPLY[@]}]=$add${line#"$cut"}
        done < <(compgen -f -- "$value")
        ;;
    esac 2>/dev/null
    return 0
}

complete -o bashdefault -o default -F _PROGRAM PROGRAM
`

const zshScript = `#compdef PROGRAM
# Completes PROGRAM in zsh. To install it: PROGRAM completion --help

_PROGRAM() {
    local program=${(Q)words[1]} ret=1
    local -a lines candidates last
    program=${program/#\~\//$HOME/}
    (( $+commands[$program] )) || [[ $program == */* && -x $program ]] || program=PROGRAM
    lines=("${(@f)$("$program" __complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
    candidates=("${(@)lines[3,-1]}")
    compset -p ${#lines[2]}
    [[ $PREFIX == [\"\']* ]] && return 1 # zsh goes on outside of a quote that begins within a word
    [[ $lines[1] == open ]] && last=(-S '')
    (( $#candidates )) && _describe -t PROGRAM PROGRAM candidates "${(@)last}" && ret=0
    case $lines[1] in
    files) _files && ret=0 ;;
    folders) _files -/ && ret=0 ;;
    esac
    return ret
}

if [[ $funcstack[1] == _PROGRAM ]]; then
    _PROGRAM "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
    compdef _PROGRAM PROGRAM
fi
`

const fishScript = `# Completes PROGRAM in fish. To install it: PROGRAM completion --help

function __PROGRAM_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    type -q -- $program; or set program PROGRAM
    set -l lines (command $program __complete fish $words "$word" 2>/dev/null </dev/null)
    set -q lines[2]; or return
    set -l prefix $lines[2]
    set -q lines[3]; and printf '%s\n' $lines[3..-1]
    contains -- $lines[1] files folders; or return
    # What fish completes after a command that it knows nothing of: files.
    set -l value (string sub -s (math (string length -- "$prefix") + 1) -- "$word")
    for path in (complete -C "__PROGRAM_no_command $value")
        if test $lines[1] = files; or string match -qr '^[^\t]*/(\t|$)' -- $path
            printf '%s%s\n' "$prefix" $path
        end
    end
end

complete -c PROGRAM -e
complete -c PROGRAM -f -a '(__PROGRAM_complete)'
`
