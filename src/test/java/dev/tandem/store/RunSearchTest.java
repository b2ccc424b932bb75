package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessage.Happened;
import dev.tandem.run.Json;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunQuery.Order;
import dev.tandem.run.RunQuery.Place;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs are found and sorted alike in both databases. */
class RunSearchTest {
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir static Path directory;
  private static final Map<Kind, Database> DATABASES = new HashMap<>();

  enum Kind {
    SQLITE,
    POSTGRESQL
  }

  @BeforeAll
  static void fill() throws Exception {
    Path sqlite = directory.resolve("sqlite");
    DATABASES.put(Kind.SQLITE, Database.open(sqlite, Optional.empty()));
    DATABASES.put(
        Kind.POSTGRESQL,
        Database.open(directory.resolve("postgresql"), Optional.of(TestPostgres.emptyDatabase())));
    List<Run> runs =
        List.of(
            new Sample("a1").named("Café noir").note("100 % sure_that\nit holds").run(),
            new Sample("a2").named("zebra").seed(77).score(0.9, 0.5).run(),
            new Sample("a3").batchSize(4).score(0.7, 0.8).run(),
            new Sample("a4").named("काला हिरण").epochs(3).status(RunStatus.CANCELLED).run(),
            new Sample("a5").named("ÅNGSTRÖM 10").score(0.95, 0.6).diverged().run(),
            new Sample("20261122-231502-417-k3f9").named("ไก่").learningRate(1e-4).run(),
            new Sample("b1").variant("lr=0.5/wide, deep").status(RunStatus.RUNNING).run());
    for (Database database : DATABASES.values()) {
      put(database, runs);
    }
  }

  @AfterAll
  static void close() {
    DATABASES.values().forEach(Database::close);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          cafe; a1
          CAFE\u0301; a1
          noir caf; a1
          noir zebra; ''
          100 %; a1
          sure_that; a1
          s_re; ''
          angstrom; a5
          it holds; a1
          काला; a4
          का; a4
          क; a4
          कि; ''
          ไก่; 20261122-231502-417-k3f9
          กา; ''
          seed 77; a2
          seed 1 zebra; ''
          batch size 4; a3
          batch 4; a3
          1000 examples noir; a1
          batch size 60 zebra; a2
          3 epochs; a4
          epochs 3; a4
          10 epochs caf; a1
          learning rate 0.0001; 20261122-231502-417-k3f9
          1e-4; 20261122-231502-417-k3f9
          1,000 test examples noir; a1
          5000 noir; a1
          500 noir; ''
          layers 128, 64 noir; a1
          diverged; a5
          cancelled; a4
          running; b1
          lr=0.5; b1
          wide, deep; b1
          / wide; b1
          20261122-231502; 20261122-231502-417-k3f9
          k3f9; ''
          """)
  void words_areFound_whateverTheirCaseAndAccents(String search, String ids) throws Exception {
    for (Database database : DATABASES.values()) {
      BusMessage.ManyRuns found = find(database, query(search, Order.TIME, true, null, 50));
      assertEquals(ids, String.join(" ", idsOf(found)), search);
      assertEquals(found.runs().size(), found.found());
      assertEquals(7, found.total());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOrder_isPaged_withoutGapsOrRepeats(Kind kind) throws Exception {
    Map<Order, List<String>> ascending =
        Map.of(
            Order.TIME, List.of("20261122-231502-417-k3f9", "a1", "a2", "a3", "a4", "a5", "b1"),
            Order.NAME, List.of("a5", "a1", "a2", "a4", "20261122-231502-417-k3f9", "a3", "b1"),
            Order.ACCURACY,
                List.of("20261122-231502-417-k3f9", "a1", "a4", "b1", "a5", "a3", "a2"));
    for (Order order : Order.values()) {
      for (boolean up : List.of(true, false)) {
        List<String> expected = new ArrayList<>(ascending.get(order));
        if (!up) {
          java.util.Collections.reverse(expected);
        }
        List<String> paged = new ArrayList<>();
        Place place = null;
        do {
          var page = find(DATABASES.get(kind), query("", order, up, place, 2));
          paged.addAll(idsOf(page));
          place = page.last();
          assertEquals(7, page.found());
        } while (place != null);
        assertEquals(expected, paged, order + (up ? " up" : " down"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void statuses_chooseRuns_alsoTogetherWithWords(Kind kind) throws Exception {
    Set<RunStatus> two = Set.of(RunStatus.CANCELLED, RunStatus.RUNNING);
    RunQuery all = new RunQuery("", two, Order.TIME, true, null, 50);
    assertEquals(List.of("a4", "b1"), idsOf(find(DATABASES.get(kind), all)));
    RunQuery some = new RunQuery("wide", two, Order.TIME, true, null, 50);
    assertEquals(List.of("b1"), idsOf(find(DATABASES.get(kind), some)));
  }

  @ParameterizedTest
  @EnumSource
  void change_isFoundAtOnce_andADeletedRunNoMore(Kind kind) throws Exception {
    Database database = DATABASES.get(kind);
    Run run = new Sample("c1").named("ephemeral").run();
    put(database, List.of(run));
    assertEquals(List.of("c1"), idsOf(find(database, search("ephemeral"))));
    put(database, List.of(new Sample("c1").named("lasting").run()));
    assertEquals(List.of(), idsOf(find(database, search("ephemeral"))));
    new RunStore(database).delete("c1");
    var found = find(database, search("lasting"));
    assertEquals(List.of(), found.runs());
    assertEquals(7, found.total());
    assertNull(found.last());
  }

  /** Brought up to the schema of the Tandem before, as that one left it. */
  @Test
  void runsOfAnEarlierTandem_areFound() throws Exception {
    Path old = directory.resolve("old");
    java.nio.file.Files.createDirectories(old);
    String address = "jdbc:sqlite:" + old.resolve("tandem.db");
    Flyway.configure()
        .dataSource(address, null, null)
        .locations("classpath:dev/tandem/store/migrations")
        .placeholders(Map.of("blob", "BLOB", "bytewise", ""))
        .target("3")
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(address);
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO runs (id, ended, last_seq, run) VALUES (?, 1, 9, ?)")) {
      for (int i = 0; i < 450; i++) {
        Run run = new Sample("r%04d".formatted(i)).named("Nº " + i).run();
        insert.setString(1, run.id());
        insert.setString(2, Json.text(run));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    try (Database database = Database.open(old, Optional.empty())) {
      assertEquals(450, find(database, query("", Order.NAME, true, null, 1)).total());
      assertEquals(List.of("r0449"), idsOf(find(database, search("no 449"))));
    }
  }

  private static RunQuery search(String search) {
    return query(search, Order.TIME, false, null, 50);
  }

  private static RunQuery query(String search, Order order, boolean up, Place after, int limit) {
    return new RunQuery(search, Set.of(), order, up, after, limit);
  }

  private static BusMessage.ManyRuns find(Database database, RunQuery query) throws Exception {
    return new RunStore(database).find(query);
  }

  private static List<String> idsOf(BusMessage.ManyRuns page) {
    return page.runs().stream().map(Run::id).toList();
  }

  private static void put(Database database, List<Run> runs) throws Exception {
    RunStore store = new RunStore(database);
    for (Run run : runs) {
      long seq = store.standing(run.id()).lastSeq() + 1;
      store.append(List.of(new Happened(run, new RunChange(seq, run.status(), AT))));
    }
  }

  /** A run of two variants, with the default settings but for what is said. */
  private static final class Sample {
    private final String id;
    private String name;
    private String note;
    private String variant = "none";
    private int epochs = 10;
    private int batchSize = 60;
    private double learningRate = 0.001;
    private long seed = 1;
    private RunStatus status = RunStatus.COMPLETED;
    private Double first;
    private Double second;
    private TrainingStatus ofFirst = TrainingStatus.COMPLETED;

    Sample(String id) {
      this.id = id;
    }

    Sample named(String text) {
      name = text;
      return this;
    }

    Sample note(String text) {
      note = text;
      return this;
    }

    Sample variant(String text) {
      variant = text;
      return this;
    }

    Sample epochs(int count) {
      epochs = count;
      return this;
    }

    Sample batchSize(int size) {
      batchSize = size;
      return this;
    }

    Sample learningRate(double rate) {
      learningRate = rate;
      return this;
    }

    Sample seed(long number) {
      seed = number;
      return this;
    }

    Sample status(RunStatus of) {
      status = of;
      return this;
    }

    /** Last test accuracies of the two variants. */
    Sample score(double one, double other) {
      first = one;
      second = other;
      return this;
    }

    /** The first one's loss stopped being a number. */
    Sample diverged() {
      ofFirst = TrainingStatus.DIVERGED;
      return this;
    }

    Run run() {
      RunSettings settings =
          new SettingsBuilder()
              .data(5000, 1000)
              .epochs(epochs)
              .batchSize(batchSize)
              .learningRate(learningRate)
              .hiddenLayers(List.of(128, 64))
              .seed(seed)
              .variants(
                  List.of(
                      new Variant(variant, Map.of("normalization", Normalization.NONE)),
                      Variant.of(Normalization.BATCH)))
              .build();
      List<Training> trainings =
          List.of(
              new Training(variant, 1, ofFirst, 1, 9, 1.0, 1.0, first, 1.0, null),
              new Training(
                  "batch", 1, TrainingStatus.COMPLETED, 1, 9, 1.0, 1.0, second, 1.0, null));
      return new Run(id, status, AT, null, null, name, note, settings, trainings);
    }
  }
}
