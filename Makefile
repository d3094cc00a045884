# The recipes are the documentation: each target prints what it runs.

PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
GENERATED = README.md \
	$(addprefix internal/kernel/,kernel_amd64.s stubs_amd64.go kernel_arm64.s stubs_arm64.go stubs_simd.go matrices.go) \
	internal/hartley/vec_amd64.s internal/hartley/stubs_amd64.go probe/tsne/vec_amd64.s probe/tsne/stubs_amd64.go

.PHONY: digests dist film gallery build test test-arm64 faults fuzz check check-code check-generated check-platforms check-modules generate golden bench bench-peers bench-tsne bench-svm bench-quality judge forgetting choose-fill memoriser clean

build:
	CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/dcganviz

# An archive for each platform in bin/dist: program, manual page, completion, docs, licences.
dist:
	go run ./internal/checks/dist -out bin/dist $(PLATFORMS)

# Prints each package as it ends, and the slowest tests.
TESTFLAGS = -timeout 30m
test:
	go run ./internal/checks/tests $(TESTFLAGS)

# The kernels of arm64, and the nets that PyTorch computed, under qemu-user, which other
# machines need. NEON has to give the bits that AVX2 gives: TestBitsOfClass.
QEMU = qemu-aarch64-static
test-arm64:
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go test -count=1 -short -exec $(QEMU) ./internal/kernel
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go test -count=1 -short -exec $(QEMU) -run '^TestReference' ./model

# Lets each call to the system fail in trainings and in each kind of output, kills 200
# trainings, fills disks, and counts what was lost. It takes five minutes. The tests do a
# part of it each time.
faults:
	@mkdir -p bin
	DCGANVIZ_FAULTS=all go test -count=1 -timeout 20m -v -run 'Fault|Killed|FullDisk|TooFew' ./internal/fileio ./model/train/... ./cmd/dcganviz > bin/faults.log 2>&1 || \
		{ grep -v '^=== ' bin/faults.log; exit 1; }
	@grep -h 'faults: \|SKIP' -A1 bin/faults.log | grep -v '^---\? PASS\|^--$$' || true
	@awk '/ faults: / { sub(/.* faults: /, ""); n += $$1; lost += $$3 } END { printf "%d faults injected, %d lost\n", n, lost }' bin/faults.log

# Each reader of files from outside, for FUZZTIME (30s, or 1000000x for so many
# executions).
FUZZTIME = 30s
fuzz:
	@for f in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for t in $$(grep -ho '^func Fuzz[A-Za-z]*' $$f/*_test.go | cut -c6-); do \
			echo "go test -run=NONE -fuzz='^$$t\$$' -fuzztime=$(FUZZTIME) $$f"; \
			go test -run=NONE -fuzz="^$$t\$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x $$f || exit 1; \
		done; \
	done

check: check-code check-generated check-platforms check-modules

# internal/checks holds the rules of this project: import directions, what the
# exported API may show, file sizes, licences.
check-code:
	@test -z "$$(gofmt -l .)" || { echo "gofmt: run gofmt -w on:"; gofmt -l .; exit 1; }
	go vet ./...
	GOARCH=arm64 go vet ./...
	go vet -tags purego ./...
	go vet -tags nofaces ./... && go test -tags nofaces ./model/zoo
	go tool staticcheck ./...
	go test -count=1 ./internal/checks/...

check-generated: generate
	git diff --exit-code -- $(GENERATED)

check-platforms:
	@for p in $(PLATFORMS); do \
		echo "CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go build ./..."; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go build ./... || exit 1; \
	done

check-modules:
	go mod verify
	go mod tidy -diff

generate:
	cd internal/kernel/_asm && go run . -out ../kernel_amd64.s -pkg kernel
	cd internal/hartley/_asm && go run . -out ../vec_amd64.s -stubs ../stubs_amd64.go -pkg hartley
	cd probe/tsne/_asm && go run . -out ../vec_amd64.s -stubs ../stubs_amd64.go -pkg tsne
	go test -count=1 ./gallery/figure -run TestReadmeHasTheTable -update

# Rewrites the golden images of every package that compares with some. Look at
# them before you commit them.
golden:
	go test $$(go list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' ./... | awk '/internal\/golden/ {print $$1}') -update

# Draws what the command figures draws, and keeps the digests of all of it, and the numbers
# that README quotes.
digests: build
	bin/dcganviz figures --out bin/figures --force
	bin/dcganviz figures --only table1 --out bin/figures --force
	go test -count=1 ./internal/checks/digests -run TestFigures -folder $(CURDIR)/bin/figures -update
	go test -count=1 ./internal/checks/quotes -folder $(CURDIR)/bin/figures -update

# Draws the committed figures again. Look at them before you commit them.
gallery: build
	bin/dcganviz figures --out gallery/paper --force

# Draws README's film again. Look at it before you commit it.
film: build
	bin/dcganviz film --with faces --out docs/film.png --force

bench:
	go test -run=NONE -bench=. ./internal/kernel ./model/...

# Needs the peers: see testdata/peers/README.md.
bench-peers:
	go run ./internal/checks/compare

# t-SNE beside its peers, and its time from 5,000 points to 70,000. Needs MNIST,
# a folder with MNIST's four files, and the peers in PYTHON's (/usr/bin/python3).
bench-tsne:
	@for seed in 0 1 2; do \
		SEED=$$seed go test -run=NONE -bench='^BenchmarkPeer$$|^BenchmarkMNIST$$/^n=10000$$' -benchtime=1x -timeout=1h ./probe/tsne || exit 1; \
	done
	go test -run=NONE -bench='^BenchmarkMNIST$$' -benchtime=1x -timeout=1h ./probe/tsne

# The fit of 10 classes to 50,000 x 7,000 features beside scikit-learn's. Needs MNIST, 3 GB of
# disk and 10 GB of memory.
bench-svm:
	@dir=$$(mktemp -d) && trap 'rm -r $$dir' EXIT && \
	/usr/bin/python3 testdata/peers/svm_bench.py $$dir 50000 7000 10 1 1 20 100 && \
	SVM_FEATURES=$$dir go test -run=NONE -bench='^BenchmarkPeer$$' -benchtime=1x -timeout=1h ./probe/svm

# Trains three times with the program and three times with its peer, which takes
# two hours, and judges their samples by DATA, a folder with the façade patches.
bench-quality: build
	go run ./internal/checks/quality -data $(DATA)

# Judges NETS, files of nets, by the pictures in DATA, a folder with the façade patches:
# those that were trained on, or by LIST=heldout_patches.txt the others.
LIST = train_patches.txt
judge:
	go run ./internal/checks/judge -images $(DATA)/patches72.zip -list $(DATA)/$(LIST) $(NETS)

# Tries the paper's rule of forgetting on seven nets, which it trains first, in the
# background: some six hours. What is there already is not made again. Needs DATA, as
# bench-quality does.
FORGETTING = runs/forgetting
forgetting: build
	@mkdir -p $(FORGETTING)
	nohup nice -n 15 go run ./internal/checks/forgetting -data $(DATA) -out $(FORGETTING) -numbers testdata/forgetting.json > $(FORGETTING)/table.md 2> $(FORGETTING)/log &
	@echo "$(FORGETTING)/log says how far it is; at the end $(FORGETTING)/table.md has the table"

# Prints what settings of the method fill-seen do, by the viewers of one half alone.
choose-fill:
	go run ./internal/checks/forgetting -choose -samples 60

# Trains a DCGAN on 64 of the façades in DATA, which it may come to know by heart, and asks
# walk and nearest whether they see it; and nearest, whether it sees as much in 64 others.
# SIZE=16 takes some 12 minutes of one core, SIZE=64 hours. It goes on where it was stopped.
# After 6,000 steps of SIZE=16 walks are smooth, and nearest does not show that it copies: by
# then it is no memoriser, and no control of walk.
SIZE = 16
STEPS = 6000
MEMORISER = bin/memoriser
memoriser: build
	@mkdir -p $(MEMORISER)
	awk '{a[NR] = $$0} END {for (i = 0; i < 64; i++) print a[int(i*NR/64)+1]}' $(DATA)/train_patches.txt > $(MEMORISER)/64.txt
	awk '{a[NR] = $$0} END {for (i = 0; i < 64; i++) print a[int(i*NR/64)+51]}' $(DATA)/train_patches.txt > $(MEMORISER)/others.txt
	test -e $(MEMORISER)/$(SIZE)/summary.json || if test -e $(MEMORISER)/$(SIZE)/run.json; then bin/dcganviz train --out $(MEMORISER)/$(SIZE) --resume; else \
		bin/dcganviz train --data $(DATA)/patches72.zip --list $(MEMORISER)/64.txt --out $(MEMORISER)/$(SIZE) --size $(SIZE) \
			--nz 8 --gwidth 64 --dwidth 48 --batch 64 --steps $(STEPS) --ema 0.99 --smooth 0.1 --seed 1; fi
	bin/dcganviz walk $(MEMORISER)/$(SIZE) --audit full --out $(MEMORISER)/walk-$(SIZE).png --force
	for list in 64 others; do for between in "" --between; do \
		bin/dcganviz nearest $(MEMORISER)/$(SIZE) --images $(DATA)/patches72.zip --list $(MEMORISER)/$$list.txt --heldout $(DATA)/patches72.zip \
			--heldout-list $(DATA)/heldout_patches.txt $$between --out $(MEMORISER)/nearest-$(SIZE)-$$list$$between.png --force || exit 1; done; done

clean:
	rm -rf bin
