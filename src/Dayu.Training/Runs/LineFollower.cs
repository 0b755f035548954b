using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>Reads a file of lines that another process adds to.</summary>
/// <param name="path">It need not be there yet.</param>
public sealed class LineFollower(string path)
{
    long position, last = -1;
    bool again;                                                       // the file was written anew: what was read already comes once more

    /// <summary>The lines that are complete and were not read before; those after a step to which the run went back come once.</summary>
    public List<JsonObject> Next()
    {
        var lines = new List<JsonObject>();
        if (!File.Exists(path)) return lines;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length < position) (position, again) = (0, true);
        file.Position = position;
        var bytes = new byte[Math.Min(file.Length - position, 1 << 24)];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        position += whole;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n'))
        {
            if (RunFolder.Parsed(line) is not { } json || !TryStep(json, out var step)) continue;
            if (again && step <= last) continue;
            (last, again) = (step, false);
            lines.Add(json);
        }
        return lines;
    }

    static bool TryStep(JsonObject json, out long step)
    {
        step = 0;
        return json[MetricNames.Step] is JsonValue value && value.TryGetValue(out step);
    }
}
