using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Kinds of values that can be set.</summary>
enum SettingKind { Text, Path, Count, Real, Choice, Addresses }

/// <summary>One thing that can be set: by an option, a variable, a file. Its text in the catalogue is <c>setting.{Key}</c>.</summary>
/// <param name="Key">In files, and for <c>dayu config</c>.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Variable">Of the environment; null: none.</param>
/// <param name="Option">Of the command line; null: none.</param>
/// <param name="Default">Where nobody says anything; null: it depends.</param>
sealed record Setting(string Key, SettingKind Kind, string? Variable = null, string? Option = null, string? Default = null)
{
    public static Setting Model { get; } = new("model", SettingKind.Text, "DAYU_MODEL", "--model");

    public static Setting Context { get; } = new("context", SettingKind.Count, "DAYU_CONTEXT", "--ctx");

    public static Setting Cache { get; } =
        new("cache", SettingKind.Choice, "DAYU_CACHE", "--cache") { Choices = [.. EngineSettings.CacheFormats] };

    public static Setting Threads { get; } = new("threads", SettingKind.Count, "DAYU_THREADS", "--threads") { Most = Device.MostThreads };

    public static Setting Precision { get; } =
        new("precision", SettingKind.Choice, "DAYU_PRECISION", "--precision", "fast") { Choices = [.. EngineSettings.Precisions] };

    public static Setting Temperature { get; } =
        new("temperature", SettingKind.Real, Option: "--temperature") { Sampler = x => new() { Temperature = x } };

    public static Setting TopP { get; } =
        new("top_p", SettingKind.Real, Option: "--top-p") { Sampler = x => new() { TopP = x } };

    public static Setting MinP { get; } =
        new("min_p", SettingKind.Real, Option: "--min-p") { Sampler = x => new() { MinP = x } };

    public static Setting RepeatPenalty { get; } =
        new("repeat_penalty", SettingKind.Real, Option: "--repeat-penalty") { Sampler = x => new() { RepetitionPenalty = x } };

    public static Setting MaxTokens { get; } = new("max_tokens", SettingKind.Count, Option: "--max-tokens");

    public static Setting Format { get; } =
        new("format", SettingKind.Choice, "DAYU_FORMAT", "--format", "auto") { Choices = ["auto", "table", "json", "jsonl", "csv", "md"] };

    public static Setting Lang { get; } = new("lang", SettingKind.Choice, "DAYU_LANG", "--lang") { Choices = ["en", "zh"] };

    public static Setting Color { get; } =
        new("color", SettingKind.Choice, Option: "--color", Default: "auto") { Choices = ["auto", "always", "never"] };

    public static Setting DataFolder { get; } = new("data_dir", SettingKind.Path, "DAYU_DATA_DIR", "--data-dir");

    public static Setting Mirrors { get; } =
        new("hub.mirrors", SettingKind.Addresses, "HF_ENDPOINT", null, "https://huggingface.co") { Personal = true };

    /// <summary>All of them, in the order they are listed.</summary>
    public static Setting[] Known { get; } =
    [
        Model, Context, Cache, Threads, Precision, Temperature, TopP, MinP, RepeatPenalty, MaxTokens, Format, Lang, Color,
        DataFolder, Mirrors,
    ];

    /// <summary>The largest value of a <see cref="SettingKind.Count"/>.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The sampler that a value makes, by which its range is checked.</summary>
    public Func<float, SamplerSettings>? Sampler { get; init; }

    /// <summary>Values of a <see cref="SettingKind.Choice"/>.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Not for a project's file: whoever wrote that file would choose where downloads come from, and where tokens go.</summary>
    public bool Personal { get; init; }

    /// <summary>The setting of a key.</summary>
    /// <exception cref="CliError">There is none; says which was probably meant.</exception>
    public static Setting Of(string key) => Known.FirstOrDefault(s => s.Key == key)
        ?? throw (Spelling.Closest(key, Known.Select(s => s.Key)) is { } meant ? new(2020, key, meant) : new CliError(2021, key));

    /// <summary>The argument that names a setting.</summary>
    public static Argument<string> Argument()
    {
        var key = new Argument<string>("key");
        key.CompletionSources.Add([.. Known.Select(s => s.Key)]);
        return key;
    }

    /// <summary>Checks a value.</summary>
    /// <param name="value">As text; addresses between commas.</param>
    /// <param name="origin">Where it was said.</param>
    /// <exception cref="CliError">It cannot be; says what can.</exception>
    public void Check(string value, object origin)
    {
        switch (Kind)
        {
            case SettingKind.Count when !(Numbers.TryWhole(value, out var n) && n > 0 && n <= Most):
                throw Meant(value, origin, isWhole: true) ?? new CliError(2022, origin, Key, value, Most);
            case SettingKind.Real when !Numbers.TryReal(value, out _):
                throw Meant(value, origin, isWhole: false) ?? new CliError(2023, origin, Key, value);
            case SettingKind.Real:
                CheckRange(float.Parse(value), origin);
                break;
            case SettingKind.Choice when !Choices.Contains(value):
                throw new CliError(2024, origin, Key, value, string.Join(", ", Choices));
            case SettingKind.Addresses when Items(value).Length == 0 || !Items(value).All(IsAddress):
                throw new CliError(2025, origin, Key, value);
        }
        if (value.Length == 0) throw new CliError(2030, origin, Key);
    }

    CliError? Meant(string value, object origin, bool isWhole) =>
        Numbers.Meant(value, isWhole) is { } meant ? new(2051, origin, Key, value, meant, Numbers.Kind(isWhole)) : null;

    void CheckRange(float value, object origin)
    {
        try { _ = Sampler?.Invoke(value).Checked(); }
        catch (ArgumentException e) { throw new CliError(2052, origin, e.Message); }
    }

    /// <summary>The parts of a list.</summary>
    public static string[] Items(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", UserInfo.Length: 0, Query.Length: 0 };
}
