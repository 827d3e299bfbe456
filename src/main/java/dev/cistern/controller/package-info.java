/**
 * One reconciler for each kind. Reconciling a Database is a list of named phases: resolve (what it means), check (what a
 * user must mend), desired (which objects), apply (write what differs), act (configuration, replacement of instances,
 * growth), observe (does it serve), status. No phase writes what another decides.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.controller;
