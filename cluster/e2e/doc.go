// Package e2e checks a running cluster from outside, with its own program and
// kubectl only. Its tests need the build tag e2e; those that end processes or
// the whole cluster also need the flag -lifecycle.
package e2e
