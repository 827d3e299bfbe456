/** What every engine must do. */
@org.jspecify.annotations.NullMarked
package dev.cistern.engine;
