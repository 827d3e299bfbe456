package dev.cistern.kube;

/**
 * A value that must not be shown.
 *
 * @param value the value itself; never to be logged
 */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
