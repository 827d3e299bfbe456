/** Tests of versions and plans. */
@org.jspecify.annotations.NullMarked
package dev.cistern.catalogue;
