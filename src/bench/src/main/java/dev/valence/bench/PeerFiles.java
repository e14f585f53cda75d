package dev.valence.bench;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The weights of a model as its peers read them. They are written by a process of its own, so that
 * TensorFlow is in none that it does not belong to.
 *
 * @param directory that holds them
 */
record PeerFiles(Path directory) {

  /** The weights as numbers. */
  Path network() {
    return directory.resolve("network");
  }

  /** For ONNX Runtime. */
  Path onnx(boolean eightBits) {
    return directory.resolve(eightBits ? "int8.onnx" : "fp32.onnx");
  }

  /**
   * Writes them.
   *
   * @param arguments the model's directory, and one to write to
   */
  public static void main(String[] arguments) throws IOException {
    PeerFiles files = new PeerFiles(Path.of(arguments[1]));
    Network network = NetworkReader.read(Path.of(arguments[0]));
    network.write(files.network());
    OnnxFile.write(network, false, files.onnx(false));
    OnnxFile.write(network, true, files.onnx(true));
  }
}
