package dev.minicompete.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What was compiled. */
public final class ClassFiles {

    private ClassFiles() {}

    /** The names of all classes that were compiled together with this one. */
    public static List<String> besides(Class<?> one) {
        try {
            var root = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (var files = Files.walk(root)) {
                return files.map(file -> root.relativize(file).toString())
                        .filter(name -> name.endsWith(".class"))
                        .map(name -> name.substring(0, name.length() - ".class".length())
                                .replace(File.separatorChar, '.'))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
