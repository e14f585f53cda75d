package dev.valence.stream.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {

  private static final Assignment THREE = new Assignment(3L, null, List.of(2L, 1L));

  @Test
  void remembersWhatServedBefore() {
    assertThat(THREE.activate(4L)).isEqualTo(new Assignment(4L, null, List.of(3L, 2L, 1L)));
    assertThat(THREE.activate(3L)).isEqualTo(THREE);
    assertThat(Assignment.LATEST.activate(1L).previous()).isEmpty();
    assertThat(THREE.activate(null)).isEqualTo(new Assignment(null, null, List.of(3L, 2L, 1L)));
  }

  @Test
  void forgetsWhatServedLongAgo() {
    Assignment assignment = Assignment.LATEST;
    for (long version = 1; version <= 50; version++) {
      assignment = assignment.activate(version);
    }

    assertThat(assignment.previous()).hasSize(Assignment.REMEMBERED).startsWith(49L, 48L);
  }

  @Test
  void rollsBackStepByStep() {
    Assignment tried = THREE.tryOut(Candidate.shadow(9));

    assertThat(tried.rollback()).isEqualTo(new Assignment(2L, null, List.of(1L)));
    assertThat(tried.rollback().rollback()).isEqualTo(new Assignment(1L, null, List.of()));
    assertThat(tried.rollback().rollback().rollback()).isEqualTo(Assignment.LATEST);
    assertThatThrownBy(Assignment.LATEST::rollback).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rollsBackToTheLatestThatServedBeforeAnyWasNamed() {
    assertThat(Assignment.LATEST.activate(3L).rollback()).isEqualTo(Assignment.LATEST);
  }

  @Test
  void rollsBackToTheLatestThatServedSinceOthersWereNamed() {
    Assignment latest = THREE.activate(null);

    assertThat(latest.rollback()).isEqualTo(THREE);
    assertThat(latest.activate(4L).rollback()).isEqualTo(Assignment.LATEST);
  }

  @Test
  void endsATrialEitherWay() {
    Assignment tried = THREE.tryOut(Candidate.canary(4, 10));

    assertThat(tried.promote()).isEqualTo(new Assignment(4L, null, List.of(3L, 2L, 1L)));
    assertThat(tried.withdraw()).isEqualTo(THREE);
    assertThat(tried.activate(4L)).isEqualTo(tried.promote());
    assertThat(tried.activate(5L).candidate()).isEqualTo(tried.candidate());
    assertThatThrownBy(THREE::promote).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(THREE::withdraw).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> THREE.tryOut(Candidate.shadow(3)))
        .hasMessage("version 3 serves already");
  }

  @Test
  void survivesTheTopic() throws IOException {
    for (Assignment assignment :
        List.of(
            Assignment.LATEST,
            THREE,
            THREE.tryOut(Candidate.shadow(4)),
            THREE.tryOut(Candidate.canary(4, 10)))) {
      assertThat(Assignment.fromJson(assignment.toJson())).isEqualTo(assignment);
    }
    assertThat(new String(THREE.tryOut(Candidate.canary(4, 10)).toJson(), UTF_8))
        .isEqualTo(
            "{\"version\":3,\"candidate\":{\"version\":4,\"percent\":10},\"previous\":[2,1]}");
  }

  @Test
  void passesOverWhatANewerCommandAdds() throws IOException {
    assertThat(Assignment.fromJson("{\"version\":3,\"reason\":\"better\"}".getBytes(UTF_8)))
        .isEqualTo(new Assignment(3L, null, List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"version\":0}",
        "{\"version\":\"new\"}",
        "{\"candidate\":{}}",
        "{\"candidate\":{\"version\":4,\"percent\":100}}"
      })
  void isNotReadFromNonsense(String json) {
    assertThatThrownBy(() -> Assignment.fromJson(json.getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void speaksToPeople() {
    assertThat(Assignment.LATEST).hasToString("the latest version is to serve");
    assertThat(THREE.tryOut(Candidate.canary(4, 10)))
        .hasToString(
            "version 3 is to serve; on trial: 4 as a canary on 10 % of the keys; before: 2, 1");
  }
}
