package dev.valence.stream.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.schema.ReviewLabel;

/** Corrections as JSON objects; the id may be an integer, as that of a review may. */
final class JsonLabels extends JsonForm<ReviewLabel> {

  @Override
  ObjectNode write(ReviewLabel label) {
    return objects().object().put("id", label.getId()).put("label", label.getLabel());
  }

  @Override
  ReviewLabel read(ObjectNode object) throws UnreadableRecordException {
    String id =
        object.path("id").isIntegralNumber() ? object.path("id").asText() : text(object, "id");
    return ReviewLabel.newBuilder().setId(id).setLabel(text(object, "label")).build();
  }
}
