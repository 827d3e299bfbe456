@org.jspecify.annotations.NullMarked
package dev.cistern.engine.redis;
