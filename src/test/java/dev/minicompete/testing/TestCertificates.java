package dev.minicompete.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A certification authority that nobody else trusts, and a certificate that it has signed for the host {@code localhost}, all in
 * PEM files.
 *
 * @param root the certificate of the authority
 */
public record TestCertificates(Path root, Path certificate, Path key) {

    private static final AlgorithmIdentifier ECDSA = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private static final X500Name AUTHORITY = new X500Name("CN=Test authority");

    /** Writes new ones into this directory, which is created. */
    public static TestCertificates create(Path directory) throws IOException {
        Files.createDirectories(directory);
        try {
            var authority = keys();
            var server = keys();
            var files = new TestCertificates(
                    directory.resolve("root.pem"), directory.resolve("server.pem"), directory.resolve("server.key"));
            var root = certificate(
                    AUTHORITY, authority, authority, Extension.basicConstraints, new BasicConstraints(true));
            write(files.root, "CERTIFICATE", root);
            var localhost = new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost"));
            var name = new X500Name("CN=localhost");
            write(
                    files.certificate,
                    "CERTIFICATE",
                    certificate(name, server, authority, Extension.subjectAlternativeName, localhost));
            write(files.key, "PRIVATE KEY", server.getPrivate().getEncoded());
            Files.setPosixFilePermissions(files.key, PosixFilePermissions.fromString("rw-------"));
            return files;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static byte[] certificate(
            X500Name subject, KeyPair keys, KeyPair authority, ASN1ObjectIdentifier extension, ASN1Encodable value)
            throws GeneralSecurityException, IOException {
        var now = Instant.now();
        var extensions = new ExtensionsGenerator();
        extensions.addExtension(extension, true, value);
        var contents = new V3TBSCertificateGenerator();
        contents.setSerialNumber(new ASN1Integer(BigInteger.valueOf(now.toEpochMilli())));
        contents.setSignature(ECDSA);
        contents.setIssuer(AUTHORITY);
        contents.setSubject(subject);
        contents.setStartDate(new Time(Date.from(now.minus(Duration.ofDays(1)))));
        contents.setEndDate(new Time(Date.from(now.plus(Duration.ofDays(1)))));
        contents.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        contents.setExtensions(extensions.generate());
        var signed = contents.generateTBSCertificate();
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(authority.getPrivate());
        signature.update(signed.getEncoded(ASN1Encoding.DER));
        return new DERSequence(new ASN1Encodable[] {signed, ECDSA, new DERBitString(signature.sign())})
                .getEncoded(ASN1Encoding.DER);
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        var text = Base64.getMimeEncoder().encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }
}
