/** How status is worded: conditions that keep their transition times, reasons from one list. */
@org.jspecify.annotations.NullMarked
package dev.cistern.status;
