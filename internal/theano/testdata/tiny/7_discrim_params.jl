cos
system
(S'echo never run'
tR.