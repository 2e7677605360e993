package dev.minicompete.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Tells where an HTTP/1.1 answer with a Content-Length ends; knows as little else as it can, to be cheap. */
final class HttpAnswer {

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);

    private HttpAnswer() {}

    /** The status of the answer that has been received, or 0 while some of it is missing. */
    static int statusIfWhole(ByteBuffer received) {
        var bytes = received.array();
        var end = received.position();
        var head = indexOf(END_OF_HEAD, bytes, end);
        if (head < 0) {
            return 0;
        }
        var status = Integer.parseInt(new String(bytes, 9, 3, StandardCharsets.US_ASCII));
        var length = indexOf(LENGTH, bytes, head);
        if (length < 0 && status != 204 && status != 304) {
            throw new IllegalStateException(
                    "An answer without a length: " + new String(bytes, 0, head, StandardCharsets.US_ASCII));
        }
        var body = length < 0 ? 0 : number(bytes, length + LENGTH.length);
        return end >= head + END_OF_HEAD.length + body ? status : 0;
    }

    private static int number(byte[] bytes, int from) {
        var number = 0;
        for (var i = from; bytes[i] != '\r'; i++) {
            if (bytes[i] != ' ') {
                number = 10 * number + bytes[i] - '0';
            }
        }
        return number;
    }

    /** Case-insensitive for the text's letters, which must be lower case. */
    private static int indexOf(byte[] text, byte[] bytes, int end) {
        for (var i = 0; i <= end - text.length; i++) {
            var matched = 0;
            while (matched < text.length && lower(bytes[i + matched]) == text[matched]) {
                matched++;
            }
            if (matched == text.length) {
                return i;
            }
        }
        return -1;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }
}
