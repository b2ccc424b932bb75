package dev.tandem.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The compose file, as docker-compose reads it; nothing is started. */
@Execution(ExecutionMode.CONCURRENT)
class ComposeTest {
  private static final Path COMPOSE = Tool.required("docker-compose", "docker-compose");

  @Test
  void file_withoutAPassword_isRefusedWithWhatToDo() throws Exception {
    Tool.Result result = config("");

    assertEquals(1, result.status());
    assertTrue(result.output().contains("choose a password"), result::output);
  }

  @Test
  void services_withoutProfile_areTandemPrometheusAndGrafana() throws Exception {
    List<String> always = new ArrayList<>();
    services("")
        .fields()
        .forEachRemaining(
            service -> {
              if (service.getValue().path("profiles").isMissingNode()) {
                always.add(service.getKey());
              } else {
                assertEquals("[\"cuda\"]", service.getValue().path("profiles").toString());
              }
            });

    assertEquals(List.of("grafana", "prometheus", "tandem"), always.stream().sorted().toList());
  }

  @Test
  void images_haveAPinnedVersionOrAreBuilt() throws Exception {
    for (JsonNode service : services("--profile cuda")) {
      assertTrue(
          service.has("build") || service.path("image").asText().matches(".+:v?\\d+\\.\\d+\\.\\d+"),
          service::toString);
    }
    for (String line : Repository.read(Repository.ROOT.resolve("Dockerfile")).split("\n")) {
      if (line.startsWith("FROM")) {
        assertTrue(line.matches("FROM [\\w-]+:\\d+\\.\\d+\\.\\d+\\S*( AS \\w+)?"), line);
      }
    }
  }

  @Test
  void ports_areOpenToThisMachineAlone() throws Exception {
    for (JsonNode service : services("--profile cuda")) {
      for (JsonNode port : service.path("ports")) {
        assertTrue(port.asText().startsWith("127.0.0.1:"), port::asText);
      }
    }
  }

  @Test
  void names_thatAreGiven_areAddedToTheServicesOwn() throws Exception {
    assertEquals(
        List.of("tandem,tandem-cuda,", "tandem,tandem-cuda,"), hosts("GRAFANA_ADMIN_PASSWORD=x"));
    assertEquals(
        List.of("tandem,tandem-cuda,lab.example", "tandem,tandem-cuda,lab.example"),
        hosts("GRAFANA_ADMIN_PASSWORD=x", "TANDEM_HOSTS=lab.example"));
  }

  private static List<String> hosts(String... environment) throws Exception {
    Tool.Result result = config("--profile cuda", environment);
    JsonNode services = new YAMLMapper().readTree(result.output()).path("services");
    return Stream.of("tandem", "tandem-cuda")
        .map(name -> services.path(name).path("environment").path("TANDEM_HOSTS").asText())
        .toList();
  }

  @Test
  void mountedFiles_areInTheRepository() throws Exception {
    List<String> mounted = new ArrayList<>();
    for (JsonNode service : services("")) {
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asText().split(":")[0];
        if (source.startsWith("/")) {
          assertTrue(Path.of(source).startsWith(Repository.ROOT), source);
          assertTrue(Files.exists(Path.of(source)), source);
          assertTrue(volume.asText().endsWith(":ro"), volume::asText);
          mounted.add(Repository.ROOT.relativize(Path.of(source)).toString());
        }
      }
    }
    assertEquals(
        List.of(
            "grafana/provisioning",
            "grafana/dashboards",
            "grafana/prometheus.yml",
            "grafana/alerts.yml"),
        mounted);
  }

  @Test
  void grafana_findsDatasourceAndDashboardsWhereTheyAreMounted() throws Exception {
    JsonNode datasource =
        yaml("provisioning/datasources/prometheus.yaml").path("datasources").path(0);
    JsonNode provider = yaml("provisioning/dashboards/tandem.yaml").path("providers").path(0);

    assertEquals("http://prometheus:9090", datasource.path("url").asText());
    assertEquals("tandem-prometheus", datasource.path("uid").asText());
    assertEquals(
        yaml("prometheus.yml").path("global").path("scrape_interval").asText(),
        datasource.path("jsonData").path("timeInterval").asText());
    assertFalse(provider.path("allowUiUpdates").asBoolean(true));
    String path = provider.path("options").path("path").asText();
    assertTrue(services("").path("grafana").path("volumes").toString().contains(path + ":ro"));
  }

  @Test
  void services_areWatchedAndWaitForEachOther() throws Exception {
    JsonNode services = services("");

    assertFalse(services.path("grafana").path("healthcheck").isMissingNode());
    assertFalse(services.path("prometheus").path("healthcheck").isMissingNode());
    assertTrue(Repository.read(Repository.ROOT.resolve("Dockerfile")).contains("\nHEALTHCHECK "));
    assertEquals(
        "service_healthy",
        services.path("grafana").path("depends_on").path("prometheus").path("condition").asText());
  }

  private static JsonNode services(String flags) throws Exception {
    Tool.Result result = config(flags, "GRAFANA_ADMIN_PASSWORD=secret");
    assertEquals(0, result.status(), result::output);
    return new YAMLMapper().readTree(result.output()).path("services");
  }

  private static Tool.Result config(String flags, String... environment) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "-u", "GRAFANA_ADMIN_PASSWORD"));
    command.addAll(List.of(environment));
    command.add(COMPOSE.toString());
    if (!flags.isEmpty()) {
      command.addAll(List.of(flags.split(" ")));
    }
    command.add("config");
    return Tool.run(Repository.ROOT, "", command);
  }

  private static JsonNode yaml(String file) throws Exception {
    return new YAMLMapper().readTree(Repository.read(Repository.GRAFANA.resolve(file)));
  }
}
