package dev.emergence.result;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** The machine's own file system. */
final class LocalDisk implements Disk {
  @Override
  public void createDirectory(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        // It was there a moment ago: somebody deletes what it lies in.
        throw new NoSuchFileException(folder.toString());
      } else if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  @Override
  public void write(Path file, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.to(out);
      out.flush();
      channel.force(true);
    } catch (IOException e) {
      throw naming(file, e);
    }
  }

  /** A full device is told without the file, which says where room is needed. */
  private static IOException naming(Path file, IOException e) {
    if (e instanceof FileSystemException) {
      return e;
    }
    FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }

  @Override
  public void createNew(Path file, byte[] content) throws IOException {
    Path draft =
        file.resolveSibling(
            file.getFileName() + ".draft-" + Writer.thread() + "-" + System.nanoTime());
    Files.write(draft, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      // A second name for a whole file: nobody ever sees it half-written.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } finally {
      Files.delete(draft);
    }
  }

  @Override
  public void append(Path file, byte[] content) throws IOException {
    try {
      Files.write(
          file,
          content,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw naming(file, e);
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public FileTime now(Path folder) throws IOException {
    Path probe = folder.resolve("clock-" + Writer.thread() + "-" + System.nanoTime());
    try {
      Files.write(probe, new byte[] {'.'}, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return Files.getLastModifiedTime(probe);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  @Override
  public long free(Path folder) throws IOException {
    // A FileStore would be looked for in the table of mounts, which a container need not show.
    return folder.toFile().getUsableSpace();
  }

  @Override
  public void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
