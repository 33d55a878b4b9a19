package dev.pactwatch.notify.channel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What somebody may write into a headline to do more than to be read. */
final class HostileTexts {

  private static final List<String> PAYLOADS =
      List.of(
          "<script>alert(1)</script>",
          "<img src=x onerror=alert(1)>",
          "<svg/onload=alert(1)>",
          "<a href=\"javascript:alert(1)\">x</a>",
          "\" onmouseover=\"alert(1)",
          "' onmouseover='alert(1)",
          "x onclick=alert(1) y",
          "`onload=alert(1)`",
          "</title></h2><h1>x",
          "-->]]><!--<![CDATA[",
          "&lt;b&gt; &amp;amp; &#60;i&#62;",
          "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
          "<!channel> <!here> <!everyone>",
          "<!subteam^S012|@ops> <@U012AB3CD> <#C012AB3CD>",
          "<!date^1392734382^{date}|x>",
          "<https://evil.example/|https://bank.example/>",
          "@here @channel @everyone",
          "*bold* _italic_ ~struck~ `code`",
          "```code\nblock```",
          "> quoted",
          ">>> quoted",
          "[click](https://evil.example/)",
          "![image](https://evil.example/x.png)",
          "[x]: https://evil.example/ \"title\"",
          "**bold** __under__ ~~struck~~ ||spoiler||",
          "# heading",
          "- item",
          "+ item",
          "1. item",
          "12. item",
          "-# small",
          "<@123456789012345678> <@&123> <#123> <:emoji:123> <t:1618953630:R>",
          "\\*not\\* \\\\ \\",
          "\\<b\\>",
          "https://evil.example/path",
          "see http://evil.example now",
          "www.evil.example",
          "mailto:victim@example.net",
          "{{DATE(2017-02-14T06:08:39Z,SHORT)}}",
          "${card.title} $data @{body('x')}",
          "<at>Everyone</at>",
          "| a | b |\n|---|---|",
          "{alert.title}",
          "{message.unsubscribe}",
          "{#if alert}{/if}",
          "{inject:settings.password}",
          "{alert.title.raw} {|raw|} {!x!}",
          "x\r\nBcc: victim@example.net",
          "x\nSubject: other\n\nbody",
          "x\r\n\r\n<html>",
          "x\u0085y\u2028z\u2029w\u000by\u000cz",
          "=?UTF-8?B?PHNjcmlwdD4=?=",
          "=?utf-8?q?Bcc:_x?=",
          "--=_0123456789\r\nContent-Type: text/html\r\n\r\n<b>",
          "\r\n.\r\nMAIL FROM:<x@example.net>\r\n",
          "\u202egpj.exe\u202c",
          "\u2066abc\u2067def\u2069",
          "\u200bzero\u200cwidth\u200d\u2060\ufeff",
          "\u00adsoft\u00adhyphen",
          "\ud800",
          "\udc00x\ud83d",
          "\ufffe\uffff\ufdd0",
          "\u0000\u0001\u0008\u007f",
          "\u001b[31mred\u001b[0m\u001b]8;;https://evil.example\u0007x",
          "\u009b31m",
          "\udb40\udc01\udb40\udc41",
          "Z\u0351\u036f\u0334\u0321\u0321\u0335a\u0328\u0322l\u0337go",
          "\u3164\u115f\u1160\uffa0\u2800",
          "",
          " ",
          "\t\t\n",
          "null",
          "\",\"injected\":\"x",
          "'; DROP TABLE deliveries; --",
          "%0d%0aBcc:%20x %s %n",
          "../../etc/passwd",
          "\ud83d\udea8 \u7d04\u6771 \u0639\u0631\u0628\u064a");

  private HostileTexts() {}

  /** More than 200 different texts. */
  static List<String> all() {
    Set<String> all = new LinkedHashSet<>(PAYLOADS);
    for (String payload : PAYLOADS) {
      all.add("Borealis " + payload + " sues");
      all.add(payload + payload);
    }
    all.add("A".repeat(10_000));
    all.add("<b>".repeat(3_000));
    all.add("*_~`|[](<>{}@".repeat(500));
    all.add("\ud83d\udea8".repeat(2_000));
    all.add("&".repeat(5_000));
    all.add("\n".repeat(5_000));
    return new ArrayList<>(all);
  }
}
