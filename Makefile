# Short recipes; what is longer is a script in scripts/.
.DEFAULT_GOAL := help
SWIFT ?= swift
export SWIFT

.PHONY: help setup build test check fmt docs run smoke golden sim fuzz torture soak bench cover install

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: ## install missing system packages, or say which
	@scripts/setup

build: setup ## debug build of everything
	@scripts/build

test: setup ## all tests
	@scripts/test

check: ## format, lint, import map, docs; before each commit
	@scripts/check

fmt: ## format the sources
	$(SWIFT) format --in-place --parallel --recursive Sources Tests Package.swift

docs: build ## write docs/diagnostics, docs/configuration.md and docs/kinds from the tables in the code
	@scripts/docs

run: setup ## the demo: a commit becomes a live API
	@scripts/run

smoke: setup ## the demo by itself: edit, bad commit, failed step; exits 0
	@scripts/smoke

golden: setup ## rewrite the golden files; the diff is the review
	GATEWRIGHT_GOLDEN=write GATEWRIGHT_WRITE_PAGES=1 $(SWIFT) test --disable-xctest

sim: setup ## 20,000 seeded runs of controllers under fire: SEED=0 RUNS=20000 TRACE=1
	@scripts/sim

fuzz: setup ## 100,000 generated policies before two evaluators, as many templates and schemas: SEED=0 RUNS=100000
	@scripts/fuzz

torture: setup ## kill -9 of apply at random moments, a hundred times
	@scripts/torture

soak: setup ## fifty clients in one API for a minute, and kill -9 in the middle of another: SECONDS_EACH=60 CLIENTS=50
	@scripts/soak

bench: setup ## every budget with its figure and the ratio to its peer
	@scripts/bench

cover: setup ## line coverage of the tests
	$(SWIFT) test --enable-code-coverage && $(SWIFT) test --show-codecov-path

install: setup ## a release binary, completions, unit; PREFIX=/usr/local DESTDIR=
	@scripts/install
