# `make demo` and `make test` set up what is missing. The scripts are where the work is.
SHELL := bash

.DEFAULT_GOAL := help
.PHONY: help setup demo export serve test spark e2e fuzz size bench screenshots fmt lint site dist golden-bless clean

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Set up, write a synthetic log if there is none, export it, build the site and serve it
	@scripts/setup.sh demo
	@exec scripts/demo.sh

test: ## Set up and run every check
	@scripts/setup.sh test
	@scripts/test.sh

setup: ## Install what building and testing need
	@scripts/setup.sh test

export: ## Write a synthetic log if there is none, and export it
	@scripts/setup.sh demo
	@scripts/dev-export.sh

serve: ## Build the site, serve it, and do so again on every change
	@scripts/setup.sh demo
	@. scripts/env.sh && wasm trunk serve

site: ## Make the site for a static host, in dist/; scripts/site.sh --with-prod puts the production export in too
	@scripts/setup.sh site
	@scripts/site.sh

dist: ## Make the release for Linux, in release/, and try it
	@scripts/setup.sh dist
	@scripts/dist.sh

e2e: setup site ## Build the site and run the browser tests alone
	@scripts/e2e.sh

spark: ## Run the models on Spark, and compare every row with DuckDB's
	@scripts/setup.sh spark
	@scripts/spark.sh

fuzz: ## Run every fuzz target for a minute, or as SECONDS says
	@scripts/setup.sh fuzz
	@scripts/fuzz.sh $(SECONDS)

size: setup ## Build the site, and print what is in its code, what it weighs, and what is over its budget
	@scripts/size.sh

bench: ## Measure everything and write it into BENCHMARKS.md; SCALE=0.1 for a trial, HUGE=1 for more
	@scripts/setup.sh bench
	@scripts/site.sh
	@SCALE=$(SCALE) HUGE=$(HUGE) scripts/bench.sh

screenshots: setup ## Take the README's pictures of the dev export, and the site's own
	@scripts/dev-export.sh
	@scripts/site.sh
	@. scripts/lib.sh && export CHROME="$$(find_chrome)" && node tests/e2e/icons.mjs && node tests/e2e/screenshots.mjs

fmt: ## Format the Rust code
	@cargo fmt --all

lint: setup ## Check formats and types, and run clippy, native and wasm32
	@scripts/lint.sh

golden-bless: setup ## Write the golden cases' expected rows anew from the reference SQL
	@. scripts/env.sh && "$$wow_cache/dbt/bin/python" tests/golden/bless.py

clean: ## Remove the built site; compiled code stays in the cache folder
	@rm -rf dist tests/e2e/test-results
