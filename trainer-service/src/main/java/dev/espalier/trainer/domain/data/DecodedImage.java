// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

/** One image file, decoded: PNG, JPEG, BMP or GIF. A decoder's warning counts as damage. */
final class DecodedImage {

    private final BufferedImage image;

    private DecodedImage(BufferedImage image) {
        this.image = image;
    }

    static DecodedImage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UnusableDataException("%s: not a file; expected an image".formatted(file));
        }
        try (FileImageInputStream in = new FileImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw damaged(file, 0, "not the beginning of a PNG, JPEG, BMP or GIF image");
            }
            return new DecodedImage(decode(file, in, readers.next()));
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(file, e), e);
        }
    }

    private static BufferedImage decode(Path file, FileImageInputStream in, ImageReader reader)
            throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
        reader.setInput(in);
        try {
            BufferedImage image = reader.read(0);
            if (!warnings.isEmpty()) {
                throw damaged(file, in.getStreamPosition(), warnings.getFirst());
            }
            return image;
        } catch (IOException | RuntimeException e) {
            if (e instanceof UnusableDataException known) {
                throw known;
            }
            throw damaged(file, in.getStreamPosition(), e.toString());
        } finally {
            reader.dispose();
        }
    }

    private static UnusableDataException damaged(Path file, long offset, String what) {
        return new UnusableDataException(
                "%s: cannot be decoded at offset %d: %s\nMaybe replace or remove the file."
                        .formatted(file, offset, what));
    }

    ImageShape shape() {
        int channels = image.getRaster().getNumBands() < 3 && !isIndexed() ? 1 : 3;
        return new ImageShape(channels, image.getHeight(), image.getWidth());
    }

    private boolean isIndexed() {
        return image.getType() == BufferedImage.TYPE_BYTE_INDEXED
                || image.getType() == BufferedImage.TYPE_BYTE_BINARY;
    }

    /** Writes the image by channel, then row; a grey image of a coloured set has equal channels. */
    void copy(Path file, ImageShape wanted, byte[] target, int offset) {
        ImageShape found = shape();
        if (found.height() != wanted.height()
                || found.width() != wanted.width()
                || found.channels() > wanted.channels()) {
            throw new UnusableDataException(
                    "%s: image of %d×%d with %d channel(s); expected %d×%d with %d, as the first training image\nMaybe bring all images to one size."
                            .formatted(
                                    file,
                                    found.height(),
                                    found.width(),
                                    found.channels(),
                                    wanted.height(),
                                    wanted.width(),
                                    wanted.channels()));
        }
        int plane = wanted.plane();
        boolean isGrey = found.channels() == 1;
        for (int y = 0; y < wanted.height(); y++) {
            for (int x = 0; x < wanted.width(); x++) {
                int at = offset + y * wanted.width() + x;
                int rgb =
                        isGrey
                                ? 0x010101 * image.getRaster().getSample(x, y, 0)
                                : image.getRGB(x, y);
                for (int channel = 0; channel < wanted.channels(); channel++) {
                    int shift = wanted.channels() == 1 ? 0 : 16 - 8 * channel;
                    target[at + channel * plane] = (byte) (rgb >> shift);
                }
            }
        }
    }
}
