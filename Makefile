# Cistern. `make help` says what there is; nothing needs to be installed by hand.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CACHE := $(or $(CISTERN_CACHE),$(HOME)/.cache/cistern)
CLUSTER ?= local
NAMESPACE ?= cistern-system
export CISTERN_CACHE := $(CACHE)
export CLUSTER NAMESPACE

# JDK 25: the one that JAVA_HOME names, else the newest of the usual places.
JDK := $(shell for h in "$${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$$HOME"/.sdkman/candidates/java/25*; do \
	[ -x "$$h/bin/javac" ] && "$$h/bin/javac" -version 2>&1 | grep -q '^javac 25' && { echo "$$h"; break; }; done)
export JAVA_HOME := $(JDK)
MVN := mvn -B -ntp $(MVN_ARGS)
APP := target/quarkus-app/quarkus-run.jar
SOURCES := pom.xml $(shell find src/main -type f)

.PHONY: help
help: ## this text
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  CLUSTER=local (default) | current (your KUBECONFIG) | k3s (tests only, in Docker); NODES=3 for three nodes"

.PHONY: jdk
jdk:
	@[ -n "$(JDK)" ] || { apt-get install -y -q --no-install-recommends openjdk-25-jdk-headless >/dev/null 2>&1 || \
	  { echo "JDK 25 is needed and was not found: install one and point JAVA_HOME at it" >&2; exit 1; }; \
	  echo "JDK 25 has been installed: run make again" >&2; exit 1; }
	@command -v mvn >/dev/null || { echo "installing maven"; apt-get install -y -q --no-install-recommends maven >/dev/null; }

.PHONY: build
build: $(APP) ## the application, without tests

$(APP): $(SOURCES) | jdk
	@echo "building the application"
	@$(MVN) -q package -DskipTests
	@touch $@

.PHONY: fmt
fmt: | jdk ## format the code
	@$(MVN) -q spotless:apply

.PHONY: crds
crds: build ## write crds/ and the chart's copy from the Java types
	@for f in target/kubernetes/*.cistern.dev-v1.yml; do n=$$(basename "$$f" -v1.yml); cp "$$f" "crds/$$n.yaml"; cp "$$f" "helm/files/crds/$$n.yaml"; done

.PHONY: images
images: ## the engines' images
	@images/build

.PHONY: operator-image
operator-image: build ## Cistern's own image
	@images/build operator

.PHONY: cluster
cluster: ## start the local cluster
	@cluster/run up

.PHONY: cluster-down
cluster-down: ## stop the local cluster, keep its state (PURGE=1: remove it)
	@cluster/run down $(if $(PURGE),--purge)

.PHONY: cluster-status
cluster-status: ## what runs of the local cluster
	@cluster/run status

.PHONY: load
load: images operator-image cluster ## bring the images into the local cluster
	@cluster/run load $(CACHE)/images/*.tar

.PHONY: deploy
deploy: ## install Cistern by Helm (builds what is missing)
	@examples/demo/deploy

.PHONY: undeploy
undeploy: ## remove Cistern; databases keep their data
	@examples/demo/undeploy

.PHONY: demo
demo: ## everything from nothing: cluster, Cistern, PostgreSQL and Redis, force-ssl by REST
	@examples/demo/run

.PHONY: unit
unit: | jdk ## the tests that need no cluster
	@$(MVN) test

.PHONY: test
test: check-go build ## all tests
	@src/test/run-all

.PHONY: check-go
check-go:
	@command -v go >/dev/null || { echo "Go 1.26 is needed for the local cluster and was not found" >&2; exit 1; }

.PHONY: bench
bench: build ## measure, each figure beside its floor or peer
	@src/test/run-all bench

.PHONY: clean
clean: ## remove build output; caches stay
	@rm -rf target
