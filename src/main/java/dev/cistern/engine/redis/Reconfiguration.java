package dev.cistern.engine.redis;

import dev.cistern.engine.Configuration;
import dev.cistern.engine.Configuration.Changing;
import dev.cistern.engine.Configuration.InForce;
import dev.cistern.engine.Configuration.Rejected;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Workload;
import dev.cistern.engine.redis.ChangePlan.Step;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Brings one running server to what the context says. */
final class Reconfiguration {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration UNREACHED = Duration.ofSeconds(1);
    // The kubelet refreshes mounted files about once a minute.
    private static final Duration FILES = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 100;
    private static final Map<String, String> CERTIFICATE = Map.of(
            "tls-cert-file", Workload.TLS_PATH + "/tls.crt",
            "tls-key-file", Workload.TLS_PATH + "/tls.key",
            "tls-ca-cert-file", Workload.TLS_PATH + "/ca.crt");

    private final Connections connections;

    Reconfiguration(Connections connections) {
        this.connections = connections;
    }

    Configuration run(EngineContext context, Instance instance) {
        try (Session session = connections.operator(context, instance)) {
            logins(context, session);
            Configuration settings = settings(context, instance, session);
            return settings instanceof InForce ? certificate(context, instance, session) : settings;
        } catch (RedisCommandExecutionException e) {
            return new Rejected(instance.name() + ": " + Connections.reason(e));
        } catch (RedisException | IOException e) {
            String reason = Connections.reason(e);
            return reason.startsWith("WRONGPASS")
                    ? new Rejected(
                            instance.name()
                                    + " does not know the operator's password any more: delete the pod, and it starts with the present one")
                    : new Changing("cannot reach " + instance.name() + ": " + reason, UNREACHED);
        }
    }

    private static void logins(EngineContext context, Session session) {
        Logins wanted = Logins.of(context);
        Marks marks = session.state().marks();
        List<String> surplus = wanted.surplus(session.users());
        if (surplus.isEmpty()
                && marks.logins().filter(wanted.fingerprint()::equals).isPresent()) {
            return;
        }
        wanted.rules().forEach(session::setUser);
        surplus.forEach(session::deleteUser);
        session.mark(marks.withLogins(wanted.fingerprint()));
    }

    /** Goes step by step, looking anew after each, for as long as it is likely to be over soon. */
    private static Configuration settings(EngineContext context, Instance instance, Session session) {
        Settings wanted = Settings.wanted(context);
        long maxMemory = Manifests.maxMemory(context);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean asked = false;
        while (true) {
            ServerState now = session.state();
            if (now.persistence().loading()) {
                return new Changing(instance.name() + " is loading its data", SOON);
            }
            List<Step> steps = ChangePlan.of(now, wanted, maxMemory);
            if (steps.isEmpty()) {
                return new InForce();
            }
            boolean snapshot = steps.getFirst() instanceof Step.Snapshot;
            if (snapshot && asked) {
                return new Changing(instance.name() + " has not written its snapshot yet; it is asked again", FILES);
            }
            asked |= snapshot;
            if (System.nanoTime() > deadline) {
                return new Changing(waiting(instance, steps.getFirst()), SOON);
            }
            take(steps.getFirst(), now, session);
        }
    }

    static void take(Step step, ServerState now, Session session) {
        switch (step) {
            case Step.StartAof _ -> session.set(Map.of("appendonly", "yes"));
            case Step.Snapshot _ -> {
                session.mark(now.marks().withSnapshot(now.persistence().snapshots()));
                session.snapshot();
            }
            case Step.AwaitAof _, Step.AwaitSnapshot _ -> pause();
            case Step.Commit(var changes) -> {
                session.commit(changes);
                Settings settled = session.state().live();
                if (settled.tlsOnly()) {
                    // The port is closed, so none can come after these.
                    session.sessionsOn(Layout.PLAIN_PORT).forEach(session::end);
                }
                session.mark(now.marks().withSaved(settled));
            }
            case Step.Forget _ -> session.mark(now.marks().withoutSnapshot());
        }
    }

    private static String waiting(Instance instance, Step step) {
        return instance.name()
                + switch (step) {
                    case Step.StartAof _, Step.AwaitAof _ -> " is writing its append-only file";
                    case Step.Snapshot _, Step.AwaitSnapshot _ -> " is writing a snapshot";
                    case Step.Commit _, Step.Forget _ -> " is being configured";
                };
    }

    /** The server reads the files only when it is told to. */
    private static Configuration certificate(EngineContext context, Instance instance, Session session)
            throws IOException {
        if (served(context, instance)) {
            return new InForce();
        }
        session.set(CERTIFICATE);
        return served(context, instance)
                ? new InForce()
                : new Changing("the new certificate has not reached " + instance.name() + " yet", FILES);
    }

    private static boolean served(EngineContext context, Instance instance) throws IOException {
        return Wire.serial(context, instance).equals(context.tls().serial());
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
        }
    }
}
