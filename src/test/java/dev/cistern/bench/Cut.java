package dev.cistern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** While it is open, packets from these pods to the API server are lost; it runs on this machine. */
final class Cut implements AutoCloseable {
    private static final String API_SERVER_PORT = "6443";

    private final List<String> cut = new ArrayList<>();
    private final Thread atExit = new Thread(this::mend);

    Cut(List<String> addresses) {
        Runtime.getRuntime().addShutdownHook(atExit);
        for (String address : addresses) {
            rule("-I", address);
            cut.add(address);
        }
    }

    private synchronized void mend() {
        cut.forEach(address -> rule("-D", address));
        cut.clear();
    }

    private static void rule(String change, String address) {
        try {
            Process process = new ProcessBuilder(
                            "iptables",
                            "-w",
                            change,
                            "INPUT",
                            "-s",
                            address,
                            "-p",
                            "tcp",
                            "--dport",
                            API_SERVER_PORT,
                            "-j",
                            "DROP")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("iptables: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("iptables is needed to cut the pods off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        mend();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
