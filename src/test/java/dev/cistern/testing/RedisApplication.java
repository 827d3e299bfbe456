package dev.cistern.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Redis by its protocol, version 2, by hand. */
final class RedisApplication implements EngineClient {
    private static final int PLAIN_PORT = 6379;

    @Override
    public Session tls(Binding binding, Endpoint at) throws IOException {
        return new Open(Tls.of(binding, at).over(Tls.connect(at)), binding);
    }

    @Override
    public Session plain(Binding binding, Endpoint at) throws IOException {
        return new Open(Tls.connect(at), binding);
    }

    @Override
    public int plainPort(Binding binding) {
        return PLAIN_PORT;
    }

    @Override
    public BigInteger serial(Binding binding, Endpoint at) throws IOException {
        try (var socket = Tls.of(binding, at).over(Tls.connect(at))) {
            return Tls.serial(socket);
        }
    }

    private static final class Open implements Session {
        private final Socket socket;
        private final InputStream in;

        Open(Socket socket, Binding binding) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            try {
                call("AUTH", binding.username(), binding.password());
                call("SELECT", binding.database());
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public void write(String key, String value) throws IOException {
            call("SET", key, value);
        }

        @Override
        public String read(String key) throws IOException {
            return call("GET", key);
        }

        @Override
        public long memory() throws IOException {
            return Long.parseLong(info("memory", "maxmemory"));
        }

        @Override
        public String version() throws IOException {
            return info("server", "redis_version");
        }

        private String info(String section, String field) throws IOException {
            return call("INFO", section)
                    .lines()
                    .filter(l -> l.startsWith(field + ":"))
                    .map(l -> l.substring(field.length() + 1).strip())
                    .findFirst()
                    .orElseThrow();
        }

        private String call(String... words) throws IOException {
            var request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : List.of(words)) {
                request.append("$%d\r\n%s\r\n".formatted(word.length(), word));
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            String head = line();
            return switch (head.charAt(0)) {
                case '+', ':' -> head.substring(1);
                case '$' -> bulk(Integer.parseInt(head.substring(1)));
                default -> throw new IOException(head);
            };
        }

        private String bulk(int length) throws IOException {
            if (length < 0) {
                return "";
            }
            String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            line();
            return text;
        }

        private String line() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the server has ended the session");
                }
                line.write(c);
            }
            return line.toString(StandardCharsets.UTF_8).strip();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }
}
