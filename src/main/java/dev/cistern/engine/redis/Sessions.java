package dev.cistern.engine.redis;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the answer to CLIENT LIST. */
final class Sessions {
    private static final Pattern LINE = Pattern.compile("id=(\\d+) addr=\\S* laddr=\\S*:(\\d+) .*");

    private Sessions() {}

    /** Ids of the sessions that came in by this port: the one sure sign of whether they are encrypted. */
    static List<String> onPort(String clientList, int port) {
        String wanted = Integer.toString(port);
        return clientList
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(m -> m.group(2).equals(wanted))
                .map(m -> m.group(1))
                .toList();
    }
}
