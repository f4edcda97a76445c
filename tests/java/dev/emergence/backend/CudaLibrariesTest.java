package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where NVIDIA's libraries are looked for, on a machine made of folders. */
class CudaLibrariesTest {
  private static final String NAME = "libcublasLt.so.13";
  @TempDir private Path root;

  private Path library(String folder) throws IOException {
    return library(folder, NAME);
  }

  private Path library(String folder, String name) throws IOException {
    Path file = root.resolve(folder).resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  private CudaLibraries libraries(Map<String, String> environment) {
    return new CudaLibraries(environment, root, getClass().getClassLoader());
  }

  /** A jar laid out as bytedeco's cuda-redist-cublas, with a text in the library's place. */
  private Path redistributable(String text) throws IOException {
    Path jar = root.resolve("cuda redist cublas.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("org/bytedeco/cuda/linux-x86_64/" + NAME));
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
    return jar;
  }

  @Test
  void a_toolkit_is_found_where_it_is_usually_installed() throws IOException {
    Path toolkit = library("usr/local/cuda-13.0/lib64");
    assertThat(libraries(Map.of()).candidates()).first().isEqualTo(toolkit);
  }

  @Test
  void the_newest_of_several_toolkits_is_taken() throws IOException {
    library("usr/local/cuda-13.0/lib64");
    Path newest = library("usr/local/cuda-13.1/lib64");
    assertThat(libraries(Map.of()).candidates()).first().isEqualTo(newest);
  }

  @Test
  void packages_of_the_python_on_the_path_are_found() throws IOException {
    Path wheel = library("opt/torch/.venv/lib/python3.12/site-packages/nvidia/cu13/lib");
    Files.createDirectories(root.resolve("opt/torch/.venv/bin"));
    Files.writeString(root.resolve("opt/torch/.venv/bin/python3"), "");
    Map<String, String> environment =
        Map.of("PATH", "/usr/bin:" + root.resolve("opt/torch/.venv/bin"));
    assertThat(libraries(environment).candidates()).first().isEqualTo(wheel);
  }

  /** Such as /usr/local/bin/python3, which leads to a virtual environment, and that to /usr. */
  @Test
  void a_python_that_is_a_link_leads_to_the_packages_of_each_that_it_links_to() throws IOException {
    Path wheel = library("opt/torch/.venv/lib/python3.12/site-packages/nvidia/cu13/lib");
    Path system = library("usr/lib/python3/dist-packages/nvidia/cublas/lib");
    for (String folder : List.of("opt/torch/.venv/bin", "usr/bin", "usr/local/bin")) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.writeString(root.resolve("usr/bin/python3.12"), "");
    Files.createSymbolicLink(
        root.resolve("opt/torch/.venv/bin/python3"), Path.of("../../../../usr/bin/python3.12"));
    Files.createSymbolicLink(
        root.resolve("usr/local/bin/python3"), root.resolve("opt/torch/.venv/bin/python3"));
    Map<String, String> environment = Map.of("PATH", root.resolve("usr/local/bin").toString());
    assertThat(libraries(environment).folders()).contains(wheel.getParent(), system.getParent());
    assertThat(libraries(environment).candidates()).first().isEqualTo(wheel);
  }

  @Test
  void links_in_a_circle_and_links_to_nothing_are_left_alone() throws IOException {
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("python3"), bin.resolve("python3"));
    assertThat(libraries(Map.of("PATH", bin.toString())).candidates()).isEmpty();
  }

  @Test
  void both_versions_are_candidates_the_newer_first_but_what_the_user_names_before_all()
      throws IOException {
    Path newer = library("usr/local/cuda-13.0/lib64");
    Path older = library("usr/local/cuda-12.4/lib64", "libcublasLt.so.12");
    assertThat(libraries(Map.of()).candidates()).containsExactly(newer, older);
    Path named = library("named", "libcublasLt.so.12");
    assertThat(
            libraries(Map.of(CudaLibraries.VARIABLE, root.resolve("named").toString()))
                .candidates())
        .containsExactly(named, newer);
  }

  @Test
  void packages_of_an_active_environment_and_of_the_user_are_found() throws IOException {
    Path user = library("home/ada/.local/lib/python3.11/site-packages/nvidia/cu13/lib");
    Map<String, String> home = Map.of("HOME", root.resolve("home/ada").toString());
    assertThat(libraries(home).candidates()).first().isEqualTo(user);
    Path active = library("work/env/lib/python3.11/site-packages/nvidia/cublas/lib");
    Map<String, String> both =
        Map.of("HOME", home.get("HOME"), "VIRTUAL_ENV", root.resolve("work/env").toString());
    assertThat(libraries(both).candidates()).first().isEqualTo(active);
  }

  @Test
  void what_the_user_names_comes_before_all_else() throws IOException {
    library("usr/local/cuda/lib64");
    Path linked = library("linked");
    Path named = library("named");
    Map<String, String> linker =
        Map.of("LD_LIBRARY_PATH", root.resolve("nowhere") + ":" + root.resolve("linked"));
    assertThat(libraries(linker).candidates()).first().isEqualTo(linked);
    Map<String, String> both =
        Map.of(
            "LD_LIBRARY_PATH",
            root.resolve("linked").toString(),
            CudaLibraries.VARIABLE,
            root.resolve("named").toString());
    assertThat(libraries(both).candidates()).first().isEqualTo(named);
  }

  @Test
  void the_report_says_of_each_library_where_it_is() throws IOException {
    Path toolkit = library("opt/cuda/lib64");
    assertThat(libraries(Map.of()).report())
        .containsExactly("libcublasLt.so.13: " + toolkit, "libcublasLt.so.12: not found");
  }

  @Test
  void the_search_names_the_driver_every_library_and_the_folders() throws IOException {
    Path toolkit = library("usr/local/cuda/lib64");
    Path driver = Files.createDirectories(root.resolve("usr/local/nvidia/lib64"));
    assertThat(libraries(Map.of()).search().get(0)).isEqualTo("driver: libcuda.so.1: not found");
    Files.writeString(driver.resolve("libcuda.so.1"), "");
    assertThat(libraries(Map.of()).search())
        .startsWith("driver: libcuda.so.1: " + driver.resolve("libcuda.so.1"))
        .contains(NAME + ": " + toolkit)
        .anyMatch(line -> line.startsWith("looked in: ") && line.contains("usr/local/cuda/lib64"))
        .anyMatch(line -> line.contains(CudaLibraries.VARIABLE));
  }

  @Test
  void a_library_in_a_jar_on_the_class_path_is_unpacked_and_comes_before_a_toolkit()
      throws IOException {
    library("usr/local/cuda/lib64");
    Path jar = redistributable("what the jar holds");
    try (URLClassLoader classPath = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      CudaLibraries libraries = new CudaLibraries(Map.of(), root, classPath);
      assertThat(libraries.report()).contains(NAME + ": in " + jar);
      Path unpacked = libraries.candidates().get(0);
      assertThat(unpacked).hasFileName(NAME).hasContent("what the jar holds");
      assertThat(libraries.search()).contains(NAME + ": in " + jar);
      assertThat(libraries.candidates()).hasSize(2);
      Files.delete(unpacked);
    }
  }

  @Test
  void what_the_user_names_comes_before_a_jar_on_the_class_path() throws IOException {
    Path named = library("named");
    Path jar = redistributable("what the jar holds");
    try (URLClassLoader classPath = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      Map<String, String> environment =
          Map.of(CudaLibraries.VARIABLE, root.resolve("named").toString());
      CudaLibraries libraries = new CudaLibraries(environment, root, classPath);
      assertThat(libraries.candidates()).first().isEqualTo(named);
      assertThat(libraries.report()).contains(NAME + ": " + named);
    }
  }
}
