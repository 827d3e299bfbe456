/**
 * The contract between Cistern and a database engine. Everything that is particular to one engine lives in a package of
 * its own below this one, of which only {@code <X>Engine} is public; the code outside asks an {@link
 * dev.cistern.engine.Engine} and never for a name.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.engine;
