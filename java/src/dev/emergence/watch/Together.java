package dev.emergence.watch;

import dev.emergence.page.RunView;
import dev.emergence.page.Snapshot;
import dev.emergence.page.Union;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Several results folders on one page. */
final class Together implements Shown {
  private final List<String> labels;
  private final List<Shown> members;
  private volatile Map<String, Object> snapshot = Map.of();
  private long seq;

  /**
   * Whether a member has changed since the last snapshot; kept while another one cannot be read.
   */
  private boolean changed = true;

  /**
   * @param labels what tells the folders apart, one a member
   * @param members whose runs' names begin with {@link #prefix}
   */
  Together(List<String> labels, List<? extends Shown> members) {
    this.labels = List.copyOf(labels);
    this.members = List.copyOf(members);
  }

  /** What the names of a folder's runs begin with. */
  static String prefix(int folder) {
    return folder + ".";
  }

  @Override
  public String name() {
    return members.stream().map(Shown::name).distinct().collect(Collectors.joining(", "));
  }

  @Override
  public Map<String, Object> look() {
    boolean first = snapshot.isEmpty();
    for (Shown member : members) {
      changed |= !member.look().isEmpty();
    }
    if (!changed) {
      return Map.of();
    }
    List<Map<String, Object>> all = members.stream().map(Shown::snapshot).toList();
    Map<String, Object> next = Union.of(labels, all, ++seq, Instant.now().toString());
    Map<String, Object> patch = first ? Map.of() : Snapshot.patch(snapshot, next);
    snapshot = next;
    changed = false;
    return patch;
  }

  @Override
  public Map<String, Object> snapshot() {
    return snapshot;
  }

  @Override
  public List<RunView> runs() {
    List<RunView> out = new ArrayList<>();
    members.forEach(member -> out.addAll(member.runs()));
    return out;
  }

  @Override
  public Optional<Map<String, Object>> details(String key) {
    return members.stream().flatMap(member -> member.details(key).stream()).findFirst();
  }

  @Override
  public Optional<Map<String, Object>> film(String key) {
    return members.stream().flatMap(member -> member.film(key).stream()).findFirst();
  }
}
