package dev.valence.stream.format;

import io.apicurio.registry.rest.client.RegistryClient;
import io.apicurio.registry.rest.client.RegistryClientFactory;
import io.apicurio.rest.client.auth.BasicAuth;
import java.util.HashMap;

/**
 * Where a schema registry is, and what may be done there.
 *
 * @param url of an Apicurio Registry, without {@code /apis}
 * @param user empty for none
 * @param password of that user
 * @param register whether to put a schema there that it does not have yet
 */
public record RegistryConnection(String url, String user, String password, boolean register) {

  RegistryClient client() {
    return RegistryClientFactory.create(
        url, new HashMap<>(), user.isEmpty() ? null : new BasicAuth(user, password));
  }

  @Override
  public String toString() {
    return url;
  }
}
