// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.schemas.RunId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The digests of a run's tensors, by file. The headers are left out, because they name the run. */
final class Bodies {

    private Bodies() {}

    /**
     * @param run the folder of the run in the bucket
     */
    static SortedMap<String, String> of(Path run) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(run.resolve("iterations"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                digests.put(run.relativize(file).toString(), digest(Files.readAllBytes(file)));
            }
        }
        return digests;
    }

    /** The runs of a batch whose bytes differ from those of the run with the same index. */
    static List<RunId> differing(PackagedStack stack, Batch undisturbed, Batch other)
            throws IOException {
        List<RunId> differing = new ArrayList<>();
        for (int i = 0; i < other.runs(); i++) {
            SortedMap<String, String> wanted = of(stack.objectsOf(undisturbed.run(i)));
            if (!wanted.equals(of(stack.objectsOf(other.run(i))))) {
                differing.add(other.run(i));
            }
        }
        return differing;
    }

    private static String digest(byte[] safetensors) {
        long header = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int from = Math.toIntExact(8 + header);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(safetensors, from, safetensors.length - from);
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
