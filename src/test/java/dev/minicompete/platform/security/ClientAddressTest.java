package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 20:01:0d:b8:00:01:00:02::/64",
        "2001:db8:1:2::, 20:01:0d:b8:00:01:00:02::/64",
        "2001:DB8:1:2:ffff:ffff:ffff:ffff, 20:01:0d:b8:00:01:00:02::/64",
        "2001:db8:1:3::1, 20:01:0d:b8:00:01:00:03::/64",
        "::1, 00:00:00:00:00:00:00:00::/64",
        "fe80::1%eth0, fe:80:00:00:00:00:00:00::/64",
        "::ffff:192.0.2.7, 192.0.2.7",
        "unknown, unknown"
    })
    void addressesOfOneSubscriberHaveOneKey(String address, String client) {
        assertThat(ClientAddress.network(address)).isEqualTo(client);
    }
}
