package dev.cistern.controller;

import dev.cistern.controller.RunningDatabases.Running;
import dev.cistern.engine.Sighting;
import dev.cistern.engine.Timeouts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * What can be seen of a database's exposure: an address that takes connections. That these are encrypted is what the
 * proof of force-ssl says, without which there is no exposure.
 */
final class ExposureProbe {
    private ExposureProbe() {}

    static Sighting probe(Running running) {
        if (running.exposure().isEmpty()) {
            return Sighting.off("there is no public address");
        }
        PublicEndpoint.Address address = running.exposure().get();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) Timeouts.CONNECT.toMillis());
            return Sighting.on("reachable at %s:%d".formatted(address.host(), address.port()));
        } catch (IOException e) {
            return Sighting.unclear("the public address %s:%d does not answer: %s"
                    .formatted(address.host(), address.port(), e.getMessage()));
        }
    }
}
