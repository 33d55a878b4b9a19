package dev.pactwatch.notify.channel;

import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.tagging.EventType;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.IfSectionHelper;
import io.quarkus.qute.LoopSectionHelper;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.SetSectionHelper;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.TemplateNode;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.WhenSectionHelper;
import io.quarkus.qute.WithSectionHelper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The texts of messages, written by Qute templates: those that the program ships with, and those of
 * a folder before them. A template sees the data made for it and nothing of the program: no
 * reflection, no beans, no static members, no other files. Values are escaped for the channel
 * whatever the template says. Safe for use by many threads.
 */
public final class Templates {

  private static final String SHIPPED = "/notify-templates/";

  /** More than any service takes, so that a template cannot fill the memory. */
  private static final int MAX_FILE = 64 * 1024;

  private static final Map<Markup, Engine> ENGINES = engines();

  private final Map<String, Template> byFile;
  private final List<String> problems;

  private Templates(Map<String, Template> byFile, List<String> problems) {
    this.byFile = Map.copyOf(byFile);
    this.problems = List.copyOf(problems);
  }

  /** Those that the program ships with. */
  public static Templates shipped() {
    Map<String, Template> found = new HashMap<>();
    for (Part part : Part.values()) {
      String file = part.file(null);
      try (InputStream in = Templates.class.getResourceAsStream(SHIPPED + file)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        found.put(file, parse(part, text, file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Templates(found, List.of());
  }

  /**
   * The shipped ones, with those of a folder in their place. One that cannot be used is left out,
   * and {@link #problems} says why.
   *
   * @param folder need not exist
   */
  public static Templates load(Path folder) {
    Map<String, Part> known = files();
    Map<String, Template> found = new HashMap<>(shipped().byFile);
    List<String> problems = new ArrayList<>();
    for (Path file : listed(folder, problems)) {
      String name = String.valueOf(file.getFileName());
      Part part = known.get(name);
      if (part == null) {
        problems.add(file + ":1: is no template's name; see README.md there");
        continue;
      }
      try {
        if (Files.size(file) > MAX_FILE) {
          problems.add(file + ":1: is larger than " + MAX_FILE + " bytes");
          continue;
        }
        Template template = parse(part, Files.readString(file), name);
        for (Notification notification : TemplateCheck.notifications()) {
          if (!part.single()) {
            render(template, TemplateData.message(notification, Integer.MAX_VALUE));
            continue;
          }
          for (Item item : notification.items()) {
            render(template, TemplateData.one(notification, item));
          }
        }
        found.put(name, template);
      } catch (TemplateException e) {
        problems.add(file + ":" + line(e) + ": " + problem(e));
      } catch (StackOverflowError e) {
        problems.add(file + ":1: is nested too deeply");
      } catch (CharacterCodingException e) {
        problems.add(file + ":1: is not UTF-8");
      } catch (IOException e) {
        problems.add(file + ":1: cannot be read");
      }
    }
    return new Templates(found, problems);
  }

  /** One line for each file that cannot be used: {@code file:line: what is wrong}. */
  public List<String> problems() {
    return problems;
  }

  /**
   * The text of a whole message.
   *
   * @param shown how many alerts the template gets
   */
  String message(Part part, Notification notification, int shown) {
    EventType type =
        notification.items().size() == 1
            ? notification.items().get(0).alert().event().type()
            : null;
    return render(
        template(part, notification.kind(), type), TemplateData.message(notification, shown));
  }

  /** The text of one alert of a message. */
  String one(Part part, Notification notification, Item item) {
    return render(
        template(part, notification.kind(), item.alert().event().type()),
        TemplateData.one(notification, item));
  }

  private Template template(Part part, Kind kind, EventType type) {
    return Stream.of(variant(kind), variant(type))
        .flatMap(Optional::stream)
        .map(variant -> byFile.get(part.file(variant)))
        .filter(template -> template != null)
        .findFirst()
        .orElseGet(() -> byFile.get(part.file(null)));
  }

  private static Optional<String> variant(Kind kind) {
    return kind == Kind.ALERT
        ? Optional.empty()
        : Optional.of(kind.name().toLowerCase(Locale.ROOT));
  }

  private static Optional<String> variant(EventType type) {
    return Optional.ofNullable(type).map(EventType::label);
  }

  /** Every name that a template can have. */
  private static Map<String, Part> files() {
    Map<String, Part> files = new TreeMap<>();
    for (Part part : Part.values()) {
      files.put(part.file(null), part);
      for (Kind kind : Kind.values()) {
        variant(kind).ifPresent(variant -> files.put(part.file(variant), part));
      }
      for (EventType type : EventType.values()) {
        files.put(part.file(type.label()), part);
      }
    }
    return files;
  }

  private static List<Path> listed(Path folder, List<String> problems) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return !name.startsWith(".") && !name.equals("README.md") && !name.endsWith("~");
              })
          .sorted()
          .toList();
    } catch (IOException e) {
      problems.add(folder + ":1: cannot be read");
      return List.of();
    }
  }

  private static Template parse(Part part, String text, String file) {
    return ENGINES.get(part.markup()).parse(text.replace("\r\n", "\n"), null, file);
  }

  /** Without empty lines at its ends, and never two of them in a row. */
  private static String render(Template template, Map<String, Object> data) {
    return template.render(data).replaceAll("[ \t]+\n", "\n").replaceAll("\n{3,}", "\n\n").strip();
  }

  private static int line(TemplateException e) {
    return e.getOrigin() == null ? 1 : Math.max(1, e.getOrigin().getLine());
  }

  private static String problem(TemplateException e) {
    return String.valueOf(e.getMessage())
        .replaceFirst("^(Rendering|Parser) error in template \\[[^]]*]: ", "")
        .replaceAll("\\s+", " ");
  }

  private static Map<Markup, Engine> engines() {
    Map<Markup, Engine> engines = new EnumMap<>(Markup.class);
    for (Markup markup : Markup.values()) {
      engines.put(
          markup,
          Engine.builder()
              .strictRendering(true)
              .addSectionHelpers(
                  new IfSectionHelper.Factory(),
                  new LoopSectionHelper.Factory(),
                  new SetSectionHelper.Factory(),
                  new WhenSectionHelper.Factory(),
                  new WithSectionHelper.Factory())
              // Neither reflection, nor the resolver that would print a value as it is.
              .addValueResolvers(
                  ValueResolvers.mapResolver(),
                  ValueResolvers.mapperResolver(),
                  ValueResolvers.listResolver(),
                  ValueResolvers.collectionResolver(),
                  ValueResolvers.thisResolver(),
                  ValueResolvers.orResolver(),
                  ValueResolvers.trueResolver(),
                  ValueResolvers.logicalAndResolver(),
                  ValueResolvers.logicalOrResolver(),
                  ValueResolvers.equalsResolver())
              .addResultMapper(new Escaped(markup))
              .build());
    }
    return engines;
  }

  private record Escaped(Markup markup) implements ResultMapper {

    @Override
    public boolean appliesTo(TemplateNode.Origin origin, Object result) {
      return true;
    }

    @Override
    public String map(Object result, Expression expression) {
      return markup.escape(result);
    }
  }
}
