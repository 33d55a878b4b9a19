package dev.pactwatch.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleHtmlTest {

  private static final String[] PIECES = {
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<b>",
    "</b>",
    "<a href=\"x>y\">",
    "</a>",
    "<h2>",
    "</h2>",
    "<h3>",
    "</h3>",
    "<br>",
    "<br/>",
    "<hr />",
    "<img src='a'>",
    "<em>",
    "</em>",
    "<blockquote>",
    "</blockquote>",
    "<span class=x>",
    "<span class=\"x\">",
    "</span>",
    "<P CLASS=\"a\" id='b'>",
    "<!-- c -->",
    "<!---->",
    "<!-->",
    "&amp;",
    "&#8217;",
    "&#x2014;",
    "&nbsp;",
    "&hellip;",
    "&amp",
    "&copy2;",
    "& ",
    "&bogus;",
    "&#128;",
    "&#0;",
    "< 3",
    "<3",
    "<table>",
    "<td>",
    "</table>",
    "<script>x</script>",
    "\n",
    " ",
    "  ",
    "one",
    "two ",
    "\u00e9\u4e00",
    "</br>",
    "<p/>",
    "<strong title=\"\">",
    "</strong>",
    "<div\n>",
    "</",
    "<",
    ">",
    "\u00a0",
    "<section>",
    "</section>",
    "</p >",
    "<i",
    "<ol start=\"3\">",
    "</ol>",
    "&lt;b&gt;",
  };

  @Test
  void whatever_is_read_without_a_tree_gives_the_text_of_the_tree() {
    Random random = new Random(7);
    int simple = 0;
    List<String> different = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      StringBuilder html = new StringBuilder();
      int pieces = 1 + random.nextInt(9);
      for (int k = 0; k < pieces; k++) {
        html.append(PIECES[random.nextInt(PIECES.length)]);
      }
      StringBuilder text = SimpleHtml.text(html.toString());
      if (text != null) {
        simple++;
        String tree = PlainText.ofTree(html.toString());
        if (!PlainText.collapse(text.toString(), true).equals(PlainText.collapse(tree, true))) {
          different.add(html.toString());
        }
      }
    }
    assertThat(different).isEmpty();
    assertThat(simple).as("read without a tree").isGreaterThan(10_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p>One <a href=\"https://x.example/?a=1&b=2\">two</a> &amp; <b>three</b>.</p><p>Four</p>",
        "<h2>Head</h2><ul><li>one<li>two</li></ul><img src=\"a.png\" alt=\"b\"/> five<br />six",
        "<div class=\"a\"><blockquote><p>Said</p></blockquote><hr></div>\n<!-- end -->"
      })
  void what_items_usually_hold_needs_no_tree(String html) {
    assertThat(SimpleHtml.text(html)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<table><tr><td>x</td></tr></table>",
        "<script>if (a<b) c</script>",
        "</div>x",
        "<p>unclosed <b",
        "&copy2 &bogus;",
        "<p title=a>b</p>"
      })
  void what_only_a_parser_can_decide_is_left_to_it(String html) {
    assertThat(SimpleHtml.text(html)).isNull();
  }
}
