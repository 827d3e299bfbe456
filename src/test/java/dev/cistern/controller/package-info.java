/** Tests of the controllers: their pure parts, and the whole in this process. */
@org.jspecify.annotations.NullMarked
package dev.cistern.controller;
