using System.Text;
using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>
/// Every template of the shared fixtures over every conversation, against what Transformers' engine renders:
/// NAME.jinja, NAME.json {conversation: text or {"error": …}}, conversations.json {conversation: variables}.
/// </summary>
public sealed class TemplateFixtureTests
{
    const string None = "(no shared fixtures)";

    /// <summary>The moment the fixtures were made at.</summary>
    internal static readonly TimeProvider Clock = new FixedClock(new(2026, 7, 1, 9, 30, 0, TimeSpan.Zero));

    static string? Folder() =>
        Fixtures.Shared is { } shared && Path.Combine(shared, "fixtures", "templates") is var folder && Directory.Exists(folder)
            ? folder
            : null;

    public static TheoryData<string> Names()
    {
        string[] files = Folder() is { } folder ? Directory.GetFiles(folder, "*.jinja") : [None];
        return [.. files.Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// A template and each conversation with the variables it is rendered with; skips the test where there is no such
    /// folder.
    /// </summary>
    internal static IEnumerable<(string Conversation, JsonObject Variables, ChatTemplate Template)> ConversationsOrSkip(string name)
    {
        if (name == None)
            Assert.Skip("the folder of chat template fixtures is not there (DAYU_SHARED/fixtures/templates)");
        string folder = Folder()!;
        var template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(folder, name + ".jinja")), name);
        foreach (var (conversation, variables) in Json(Path.Combine(folder, "conversations.json")))
            yield return (conversation, Variables(variables!.AsObject()), template);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RendersWhatTransformersRenders(string name)
    {
        var conversations = ConversationsOrSkip(name).ToDictionary(c => c.Conversation);
        var failures = new StringBuilder();
        int passed = 0;
        foreach (var (conversation, expected) in Json(Path.Combine(Folder()!, name + ".json")))
        {
            var (_, variables, template) = conversations[conversation];
            string? difference = Difference(template, variables, expected!);
            if (difference is null)
                passed++;
            else
                failures.AppendLine($"{name}, conversation '{conversation}': {difference}");
        }
        Assert.True(failures.Length == 0, $"{passed} conversations are right, but\n{failures}");
    }

    static JsonObject Json(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    static JsonObject Variables(JsonObject conversation)
    {
        var variables = new JsonObject
        {
            ["add_generation_prompt"] = true,
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["pad_token"] = "<pad>",
            ["unk_token"] = "<unk>",
        };
        foreach (var (key, value) in conversation)
            variables[key] = value?.DeepClone();
        return variables;
    }

    static string? Difference(ChatTemplate template, JsonObject variables, JsonNode expected)
    {
        string text;
        try
        {
            text = template.Render(variables, Clock).Text;
        }
        catch (TemplateException e)
        {
            return expected is JsonObject ? null : $"error where text was expected: {e.Message}";
        }
        if (expected is JsonObject error)
            return $"text where an error was expected ({error["error"]}): {text}";
        string right = expected.GetValue<string>();
        int at = text.AsSpan().CommonPrefixLength(right);
        return text == right
            ? null
            : $"differs at character {at}\n  expected: …{Around(right, at)}\n  rendered: …{Around(text, at)}";
    }

    static string Around(string text, int at) =>
        text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 60)].Replace("\n", "\\n", StringComparison.Ordinal);
}

/// <summary>A clock that stands still, in Coordinated Universal Time.</summary>
sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
}
