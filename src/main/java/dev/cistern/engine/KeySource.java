package dev.cistern.engine;

import java.time.Duration;

/** Makes secrets. */
public interface KeySource {
    /** A random password of letters and digits with 32 characters or more. */
    String password();

    /**
     * A certificate authority of its own for the clients of one database.
     *
     * @param commonName its name
     */
    KeyPairPem authority(String commonName);

    /**
     * A client certificate.
     *
     * @param authority who signs
     * @param commonName the login it stands for
     * @param lifetime how long it is good
     */
    KeyPairPem client(KeyPairPem authority, String commonName, Duration lifetime);

    /** How much of its life a certificate still has, 0 when it is over, 1 when it is new. */
    double remaining(String certificate);

    /**
     * A key and its certificate.
     *
     * @param key PKCS#8 in PEM
     * @param certificate in PEM
     */
    record KeyPairPem(String key, String certificate) {
        @Override
        public String toString() {
            return "KeyPairPem[***]";
        }
    }
}
