package dev.minicompete.testing;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The main code as ArchUnit sees it, read once for all tests of this JVM: it looks into all libraries, which takes long. */
public final class MainClasses {

    /** All of it, with the servers of dev mode. */
    public static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.minicompete");

    private MainClasses() {}
}
