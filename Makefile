# Everything a newcomer needs. Each target finds a JDK 25 by itself, and says what to install if the machine lacks one.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# An installed Maven (3.8.7 or later), else the wrapper, which downloads one.
MVN = export JAVA_HOME="$$(.mvn/find-jdk.sh)" && [ -n "$$JAVA_HOME" ] && $(or $(shell command -v mvn),./mvnw) --batch-mode --no-transfer-progress

WEIGHTS ?= 11170000
ROUNDS ?= 21
PYTHON ?= /usr/bin/python3
SEEDS ?= 2000
MUTATION ?= NONE
SEED ?=
MUTATIONS ?=
KILLS ?= 20
REQUIRE_ALL ?=
SERVICE ?= pqi-service

.PHONY: help demo test test-fast test-long test-python bench bench-kernels bench-train simulate soak outage bench-loop build sbom format dev clean up

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: ## prune a real network through Kafka and the object store, on this machine alone
	@./espalier demo

test: ## format check, static analysis, all tests, the whole loop included; REQUIRE_ALL=1: a skipped test is a failure
	@mkdir -p target && touch target/test-started
	@$(MVN) verify org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom
	@.ci/skipped-tests target/test-started $(REQUIRE_ALL)
	@clients/python/run-tests.sh core

test-python: ## the Python client with torch, Lightning and Hugging Face, in a virtual environment of 6 GB
	@clients/python/run-tests.sh torch

test-fast: ## unit tests that need neither a service nor a broker, in less than two minutes
	@$(MVN) -q -T 2 -DexcludedGroups=slow test

test-long: ## kills, snapshots of gigabytes, thousands of seeds: about an hour and 30 GB of disk; KILLS=20 SEEDS=2000
	@$(MVN) -q -Dquick package
	@$(MVN) -q -pl trainer-service -am verify -Dtest=NoUnitTest -Dit.test=KilledTrainerIT -Dkills=$(KILLS) $(ANY)
	@$(MVN) -q -pl pqi-service,pruning-controller -am test '-Dtest=Large*Check' $(ANY)
	@$(MAKE) simulate SEEDS=$(SEEDS)
	@$(MAKE) simulate MUTATIONS=200

# Modules without a test of the given name are in order.
ANY = -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

bench: ## measurement and selection compared with a plain read, torch and numpy; WEIGHTS=1000000 ROUNDS=21 PYTHON=python3
	@$(MVN) -q -Dquick -pl benchmarks -am package
	@"$$(.mvn/find-jdk.sh)/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
	  -cp "$$(ls pqi-service/target/pqi-service-*.jar benchmarks/target/benchmarks-*.jar pruning-controller/target/quarkus-app/app/*.jar | tr '\n' ':')pruning-controller/target/quarkus-app/lib/main/*" \
	  dev.espalier.benchmarks.SideBySide $(WEIGHTS) $(ROUNDS) benchmarks/python $(PYTHON)

KERNELS ?=

bench-kernels: ## ns per 16 weights in the cache (JMH), for changes of a kernel; KERNELS='-p type=F32 -p kernel=VECTOR'
	@$(MVN) -q -Dquick -pl benchmarks -am package
	@"$$(.mvn/find-jdk.sh)/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
	  -cp "$$(ls pqi-service/target/pqi-service-*.jar benchmarks/target/benchmarks-*.jar | tr '\n' ':')benchmarks/target/lib/*:pruning-controller/target/quarkus-app/lib/main/*" \
	  org.openjdk.jmh.Main PowerSumsBenchmark $(KERNELS)

THREADS ?= 2
TRAIN_ROUNDS ?= 11
MODELS ?= mlp,mnist,cnn,resnet18
MNIST ?= none

bench-train: ## training steps, images/s, beside PyTorch in Python; THREADS=2 TRAIN_ROUNDS=11 MODELS=mlp,cnn MNIST=folder PYTHON=python3
	@$(MVN) -q -Dquick -pl benchmarks -am package
	@MKL_CBWR=AUTO,STRICT "$$(.mvn/find-jdk.sh)/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
	  --sun-misc-unsafe-memory-access=allow -Djava.util.logging.manager=org.jboss.logmanager.LogManager -Xmx1g \
	  -cp "$$(ls benchmarks/target/benchmarks-*.jar trainer-service/target/quarkus-app/app/*.jar | tr '\n' ':')trainer-service/target/quarkus-app/lib/boot/*:trainer-service/target/quarkus-app/lib/main/*" \
	  dev.espalier.benchmarks.TrainingSideBySide $(THREADS) $(TRAIN_ROUNDS) benchmarks/python trainer-service/src/test/python \
	  $(PYTHON) $(MNIST) $(MODELS)

simulate: ## the loop under faults, in virtual time; SEEDS=2000, or one seed in full: SEED=1234
	@$(MVN) -q -Dquick -pl simulation -am package
	@"$$(.mvn/find-jdk.sh)/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
	  --sun-misc-unsafe-memory-access=allow -Dorg.jboss.logging.provider=slf4j -Dslf4j.internal.verbosity=ERROR -Xmx1g \
	  -cp 'simulation/target/*:simulation/target/lib/*' \
	  dev.espalier.simulation.Simulate $(if $(MUTATIONS),mutations $(MUTATIONS),$(if $(SEED),seed $(SEED),seeds $(SEEDS)) $(MUTATION))

MINUTES ?= 5

soak: build ## forty runs beside misfit events and kill -9 of every process; MINUTES=5 of killing
	@"$$(.mvn/find-jdk.sh)/bin/java" -cp 'soak/target/*:soak/target/lib/*' dev.espalier.soak.Soak . $(MINUTES)

outage: build ## ten runs, in the middle of which broker and store do not answer; MINUTES=30
	@"$$(.mvn/find-jdk.sh)/bin/java" -cp 'soak/target/*:soak/target/lib/*' dev.espalier.soak.Outage . $(MINUTES)

ITERATIONS ?= 300

bench-loop: build ## snapshot to decision beside the bare operations and beside training; ITERATIONS=300
	@"$$(.mvn/find-jdk.sh)/bin/java" -cp 'soak/target/*:soak/target/lib/*' dev.espalier.soak.LoopLatency . $(ITERATIONS)

build: ## the services and the command line, without tests
	@$(MVN) -q -Dquick package

sbom: ## the bill of materials (CycloneDX) of the whole project: target/sbom.json
	@$(MVN) -q -Dquick package org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom

dev: ## one service in Quarkus' dev mode, beside a stack that runs without it; SERVICE=pqi-service
	@.mvn/dev-mode.sh $(SERVICE)

format: ## let the formatter decide
	@$(MVN) -q spotless:apply

up: build ## the whole stack in the foreground, until Ctrl-C
	@./espalier up

clean: ## remove everything that was built (trained runs stay in .espalier)
	@$(MVN) -q clean
