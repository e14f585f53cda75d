/**
 * Raw text to tokens to token ids.
 *
 * <p>A review enters as a string; {@link dev.valence.text.TextPipeline} normalises it, splits it as
 * spaCy's English tokenizer does, lower-cases the tokens if its {@link dev.valence.text.Casing}
 * says so, and looks up their ids. What leaves is an {@link dev.valence.text.EncodedReview}. The
 * pipeline is saved beside a model and loaded with it, so training and serving cannot tokenise
 * differently.
 *
 * <p>Nothing here knows TensorFlow, Kafka or files other than the pipeline's own two; nothing here
 * keeps state between two texts.
 */
package dev.valence.text;
