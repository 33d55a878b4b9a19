package dev.pactwatch.hostile.fuzz;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Whether an address is one of the public internet, told in another way than the product's: by the
 * ranges that IANA has set aside, written out once more.
 */
final class PublicAddress {

  private PublicAddress() {}

  static boolean is(InetAddress address) {
    byte[] b = address.getAddress();
    return address instanceof Inet4Address ? four(b, 0) : six(b);
  }

  private static boolean six(byte[] b) {
    int first = u(b, 0) << 8 | u(b, 1);
    int second = u(b, 2) << 8 | u(b, 3);
    // Only 2000::/3 has been given out; the well-known prefix of translators is all else there is.
    if (first == 0x64 && second == 0xff9b) {
      return zeros(b, 4, 12) && four(b, 12);
    }
    if (first < 0x2000 || first > 0x3fff) {
      return false;
    }
    boolean special =
        first == 0x2001 && second < 0x200
            || first == 0x2001 && second == 0xdb8
            || first == 0x3fff && second < 0x1000;
    // 6to4 holds the address that is dialled in the end.
    return first == 0x2002 ? four(b, 2) : !special;
  }

  private static boolean zeros(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean four(byte[] b, int at) {
    int one = u(b, at);
    int two = u(b, at + 1);
    int three = u(b, at + 2);
    return !(one == 0
        || one == 10
        || one == 127
        || one >= 224
        || one == 100 && two >= 64 && two < 128
        || one == 169 && two == 254
        || one == 172 && two >= 16 && two < 32
        || one == 192 && two == 168
        || one == 192 && two == 0 && (three == 0 || three == 2)
        || one == 192 && two == 88 && three == 99
        || one == 198 && (two == 18 || two == 19)
        || one == 198 && two == 51 && three == 100
        || one == 203 && two == 0 && three == 113);
  }

  private static int u(byte[] b, int at) {
    return b[at] & 0xff;
  }
}
