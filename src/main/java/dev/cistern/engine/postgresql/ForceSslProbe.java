package dev.cistern.engine.postgresql;

import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Sighting;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Sees from outside whether every instance refuses what is not encrypted. */
final class ForceSslProbe {
    // The server's own refusal by a rule, as opposed to a network that drops packets or a server that starts.
    private static final String REFUSED_BY_RULE = "28000";

    private final Sessions sessions;

    ForceSslProbe(Sessions sessions) {
        this.sessions = sessions;
    }

    Sighting probe(EngineContext context) {
        List<String> on = new ArrayList<>();
        List<String> off = new ArrayList<>();
        List<String> unclear = new ArrayList<>();
        for (Instance instance : context.instances()) {
            Sighting seen = probe(context, instance);
            switch (seen.state()) {
                case ON -> on.add(seen.message());
                case OFF -> off.add(seen.message());
                case UNCLEAR -> unclear.add(seen.message());
            }
        }
        if (!unclear.isEmpty() || on.size() + off.size() < Math.max(1, context.replicas())) {
            return Sighting.unclear(unclear.isEmpty() ? "not every instance runs" : String.join("; ", unclear));
        }
        if (off.isEmpty()) {
            return Sighting.on(String.join("; ", on));
        }
        return on.isEmpty()
                ? Sighting.off(String.join("; ", off))
                : Sighting.unclear(String.join("; ", on) + "; but " + String.join("; ", off));
    }

    private Sighting probe(EngineContext context, Instance instance) {
        String name = instance.name();
        try {
            Credentials credentials = context.credentials();
            Wire.Answer answer = Wire.plaintext(instance, credentials.username(), credentials.database());
            return switch (answer) {
                case Wire.Answer.Accepted accepted -> Sighting.off(name + " accepts plaintext");
                case Wire.Answer.Refused refused ->
                    refused.state().equals(REFUSED_BY_RULE)
                            ? encrypted(context, instance)
                            : Sighting.unclear(
                                    name + " refuses plaintext for another reason (" + refused.state() + ")");
            };
        } catch (IOException e) {
            return Sighting.unclear(name + " does not answer: " + e.getMessage());
        }
    }

    private Sighting encrypted(EngineContext context, Instance instance) {
        try (Connection client = sessions.client(context, instance);
                Connection operator = sessions.operator(context, instance)) {
            if (!client.isValid(1)) {
                return Sighting.unclear(instance.name() + " drops a TLS session");
            }
            int open = Queries.number(operator, Plaintext.COUNT);
            return open == 0
                    ? Sighting.on(instance.name() + " refuses plaintext and accepts TLS")
                    : Sighting.unclear(instance.name() + " still has " + open + " plaintext sessions");
        } catch (SQLException e) {
            return Sighting.unclear(Sessions.seen(instance, e));
        }
    }
}
