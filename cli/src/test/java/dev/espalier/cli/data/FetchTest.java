// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.espalier.cli.CliException;
import dev.espalier.cli.CliRun;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.cli.console.Terminal;
import dev.espalier.cli.data.PublicSet.PublicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {

    private static final byte[] GOOD = "ten bytes!".repeat(20_000).getBytes(US_ASCII);

    @TempDir Path folder;

    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    byte[] body = served.get(exchange.getRequestURI().getPath().substring(1));
                    // Length 0 stands for a length that is not announced.
                    exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : 0);
                    try (var out = exchange.getResponseBody()) {
                        if (body != null) {
                            out.write(body);
                        }
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI home() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private PublicSet set(String... unpacked) {
        return new PublicSet(
                "letters",
                home(),
                List.of(new PublicFile("letters.gz", GOOD.length, md5(GOOD))),
                List.of(unpacked));
    }

    private static String md5(byte[] bytes) {
        var digest = Md5.digest();
        digest.update(bytes);
        return Md5.of(digest);
    }

    private List<Path> fetch(PublicSet set) {
        Terminal terminal =
                new Terminal(
                        new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                        new PrintStream(told, true, UTF_8),
                        true);
        return new Fetch(new ProgressLine(terminal, CliRun.NOW)).into(folder, set);
    }

    private void fails(PublicSet set, String... parts) throws IOException {
        assertThatThrownBy(() -> fetch(set))
                .isInstanceOf(CliException.class)
                .hasMessageContainingAll(parts);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("nothing half-done is left").isEmpty();
        }
    }

    @Test
    void shouldFetchWhatIsMissingAndShowHowFarItIs() throws IOException {
        served.put("letters.gz", GOOD);

        List<Path> first = fetch(set());
        List<Path> again = fetch(set());

        assertThat(first).containsExactly(folder.resolve("letters.gz")).isEqualTo(again);
        assertThat(Files.readAllBytes(first.getFirst())).isEqualTo(GOOD);
        assertThat(requests).hasValue(1);
        assertThat(told.toString(UTF_8)).contains("letters.gz [", "of 0.2 MB");
    }

    @Test
    void shouldRefuseOtherBytes() throws IOException {
        byte[] other = GOOD.clone();
        other[7]++;
        served.put("letters.gz", other);

        fails(set(), home() + "letters.gz has the checksum " + md5(other), "not " + md5(GOOD));
    }

    @Test
    void shouldRefuseAnotherLength() throws IOException {
        served.put("letters.gz", "short".getBytes(US_ASCII));
        fails(set(), "letters.gz ended after 5 of 200000 bytes");

        served.put("letters.gz", new byte[GOOD.length + 1]);
        fails(set(), "letters.gz has more than 200000 bytes");
    }

    @Test
    void shouldRefuseALengthThatIsAnnounced() throws IOException {
        server.createContext(
                "/announced/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 7);
                    exchange.getResponseBody().write(new byte[7]);
                    exchange.close();
                });

        fails(set().from(home().resolve("announced")), "has 7 bytes, not 200000");
    }

    @Test
    void shouldSayWhereThereIsNothingOrNobody() throws IOException {
        fails(set(), home() + "letters.gz answers 404");
        PublicSet set = set();
        server.stop(0);
        fails(set, "letters.gz cannot be downloaded", "refused");
        fails(set.from(URI.create("http://nowhere.invalid/")), "there is no host nowhere.invalid");
    }

    @Test
    void shouldLeaveAloneWhatIsThereWithOtherBytes() throws IOException {
        Path mine = folder.resolve("letters.gz");
        Files.writeString(mine, "mine");

        assertThatThrownBy(() -> fetch(set()))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is there already, with the checksum");
        assertThat(mine).hasContent("mine");
        assertThat(requests).hasValue(0);
    }

    @Test
    void shouldUnpackWhatIsWantedOfAnArchive() throws IOException {
        byte[] archive = tarGz(Map.of("batches/a.bin", "aaa", "../b.bin", "bb", "c.txt", "c"));
        served.put("letters.tar.gz", archive);
        PublicFile file = new PublicFile("letters.tar.gz", archive.length, md5(archive));
        var wanted = List.of("a.bin", "b.bin");

        fetch(new PublicSet("letters", home(), List.of(file), wanted));

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(folder.resolve("a.bin"), folder.resolve("b.bin"));
        }
        assertThat(folder.resolve("a.bin")).hasContent("aaa");
        assertThat(folder.resolve("b.bin")).hasContent("bb");
    }

    @Test
    void shouldKeepNothingOfAnArchiveThatIsNotWhole() throws IOException {
        byte[] archive = tarGz(Map.of("a.bin", "aaa"));
        served.put("letters.tar.gz", archive);
        PublicFile file = new PublicFile("letters.tar.gz", archive.length, md5(archive));

        fails(
                new PublicSet("letters", home(), List.of(file), List.of("a.bin", "z.bin")),
                "has no z.bin");
    }

    private static byte[] tarGz(Map<String, String> members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (Map.Entry<String, String> member : members.entrySet()) {
                byte[] header = new byte[512];
                byte[] content = member.getValue().getBytes(US_ASCII);
                put(header, 0, member.getKey());
                put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
                header[156] = '0';
                out.write(header);
                out.write(content);
                out.write(new byte[512 - content.length]);
            }
            out.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
