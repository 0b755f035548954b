using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dayu.Models;

/// <summary>What a low-rank adapter is, as peft's <c>adapter_config.json</c> says it (Hu et al. 2021, arXiv:2106.09685).</summary>
/// <param name="Rank">r of each pair, where no pattern says otherwise; at least 1.</param>
/// <param name="Alpha">α: a pair is scaled by α / r.</param>
public sealed record AdapterConfig(int Rank = 16, double Alpha = 32)
{
    /// <summary>The file's name.</summary>
    public const string File = "adapter_config.json";

    /// <summary>peft's word for every matrix of the blocks.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>
    /// Modules that are adapted, by the ends of their names (<c>q_proj</c>); a single one may be a regular expression of the whole name,
    /// or <see cref="AllLinear"/>.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];

    /// <summary>Whether a pair is scaled by α / √r instead (Kalajdzievski 2023, arXiv:2312.03732).</summary>
    public bool IsRankStabilised { get; init; }

    /// <summary>Another α, by the ends of modules' names.</summary>
    public IReadOnlyDictionary<string, double> Alphas { get; init; } = new Dictionary<string, double>();

    /// <summary>Another rank, by modules' names; read, it is what the pairs themselves have.</summary>
    internal IReadOnlyDictionary<string, int> Ranks { get; init; } = new Dictionary<string, int>();

    /// <summary>The model that it adapts; null: it does not say.</summary>
    public string? Base { get; init; }

    /// <summary>The factor on a module's pair.</summary>
    public float ScaleOf(string module, int rank)
    {
        var alpha = Alphas.Where(a => IsEnd(a.Key, module)).Select(a => (double?)a.Value).FirstOrDefault() ?? Alpha;
        return (float)(alpha / (IsRankStabilised ? Math.Sqrt(rank) : rank));
    }

    /// <summary>Whether a module is adapted.</summary>
    public bool IsTarget(string module) => Targets is [AllLinear] || Targets.Any(t => IsEnd(t, module))
        || Targets is [var pattern] && Regex.IsMatch(module, $"^(?:{pattern})$", RegexOptions.NonBacktracking);

    static bool IsEnd(string end, string module) =>
        module == end || module.EndsWith(end, StringComparison.Ordinal) && module[^(end.Length + 1)] == '.';

    /// <summary>Whether a folder, or the file of pairs in it, is an adapter and no model.</summary>
    public static bool IsAlone(string path) => FolderOf(path) is var folder && System.IO.File.Exists(Path.Combine(folder, File))
        && (folder != path || !System.IO.File.Exists(Path.Combine(path, "config.json")) || !WeightFiles.Any(path));

    /// <summary>The folder of an adapter that a path names.</summary>
    public static string FolderOf(string path) =>
        Path.GetFileName(path).StartsWith("adapter_", StringComparison.Ordinal) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;

    /// <summary>Where the model lies that an adapter says it adapts: from its folder on, or from the current one.</summary>
    /// <param name="folder">The adapter's.</param>
    /// <param name="find">Where else a model of a name lies; null: nowhere.</param>
    /// <exception cref="AdapterAloneException">It does not say, or nothing lies there.</exception>
    public static string BaseOf(string folder, Func<string, string?>? find = null) => FindBase(folder, find) ?? throw NoModel(folder);

    /// <summary>The same; null where it does not say, or nothing lies there.</summary>
    internal static string? FindBase(string folder, Func<string, string?>? find)
    {
        var said = Checkpoint.ReadJson(Path.Combine(folder, File))["base_model_name_or_path"]?.ToString();
        return PlaceOf(folder, said) ?? (said is null ? null : find?.Invoke(said));
    }

    /// <summary>The whole path of what an adapter says it adapts; null: nothing lies there.</summary>
    public static string? PlaceOf(string folder, string? said)
    {
        string[] places = said is { Length: > 0 } ? [Path.GetFullPath(said, Path.GetFullPath(folder)), Path.GetFullPath(said)] : [];
        return places.FirstOrDefault(Path.Exists);
    }

    /// <summary>What is said where a model is asked for.</summary>
    internal static AdapterAloneException NoModel(string folder)
    {
        var json = Checkpoint.ReadJson(Path.Combine(folder, File));
        return new(folder, json["peft_type"]?.ToString() ?? "LORA", json["base_model_name_or_path"]?.ToString());
    }

    /// <summary>Reads it.</summary>
    /// <param name="folder">That holds it.</param>
    /// <exception cref="InvalidDataException">It is broken, or a value is out of its range.</exception>
    /// <exception cref="NotSupportedException">It is another kind of adapter; the message says which.</exception>
    public static AdapterConfig Read(string folder)
    {
        var path = Path.Combine(folder, File);
        var (json, all) = (JsonFields.Read(path), Checkpoint.ReadJson(path));
        Refuse(path, json, all);
        var (rank, alpha) = (json.Whole("r") ?? 8, json.Number("lora_alpha") ?? 8);       // peft's defaults
        if (rank < 1) throw new InvalidDataException($"{path}: r is {rank}, expected 1 or more");
        if (!double.IsFinite(alpha)) throw new InvalidDataException($"{path}: lora_alpha is {alpha}, expected a number");
        return new(rank, alpha)
        {
            Targets = TargetsOf(path, all["target_modules"]), IsRankStabilised = json.Flag("use_rslora") ?? false,
            Alphas = AlphasOf(path, all["alpha_pattern"]), Base = json.Text("base_model_name_or_path"),
        };
    }

    /// <summary>What changes what the pairs mean, and is not computed here.</summary>
    static void Refuse(string path, JsonFields json, JsonObject all)
    {
        if (json.Text("peft_type") is { } type && !type.Equals("LORA", StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException($"{path}: the adapter is of the type {MappedFile.Shown(type)}; LORA is known");
        foreach (var flag in (string[])["use_dora", "use_qalora", "use_bdlora", "lora_bias"])
            if (json.Flag(flag) is true)
                throw new NotSupportedException($"{path}: {flag} is true; adapters W + scale · B·A are known");
        if (json.Text("bias") is { } bias && bias != "none")
            throw new NotSupportedException($"{path}: bias is {MappedFile.Shown(bias)}: biases that are trained too are not known");
        foreach (var more in (string[])["modules_to_save", "layer_replication", "target_parameters", "trainable_token_indices"])
            if (all[more] is JsonArray { Count: > 0 } or JsonObject { Count: > 0 })
                throw new NotSupportedException($"{path}: {more} names whole parts that were trained as well; pairs alone are known");
    }

    static string[] TargetsOf(string path, JsonNode? said) => said switch
    {
        null => [AllLinear],
        JsonValue v when v.TryGetValue<string>(out var one) => [one],
        JsonArray all when all.All(t => t is JsonValue v && v.TryGetValue<string>(out _)) => [.. all.Select(t => t!.GetValue<string>())],
        _ => throw JsonFault.Wrong(path, "target_modules", said, JsonExpected.Array),
    };

    static Dictionary<string, double> AlphasOf(string path, JsonNode? said) => said switch
    {
        null => [],
        JsonObject all when all.All(a => a.Value is JsonValue v && v.TryGetValue<double>(out _)) =>
            all.ToDictionary(a => a.Key, a => a.Value!.GetValue<double>()),
        _ => throw JsonFault.Wrong(path, "alpha_pattern", said, JsonExpected.Object),
    };

    /// <summary>Writes it, as peft reads it.</summary>
    /// <param name="folder">Where.</param>
    public void Write(string folder)
    {
        var json = new JsonObject
        {
            ["peft_type"] = "LORA", ["task_type"] = "CAUSAL_LM", ["base_model_name_or_path"] = Base, ["r"] = Rank, ["lora_alpha"] = Alpha,
            ["target_modules"] = Targets is [var one] ? JsonValue.Create(one) : new JsonArray([.. Targets.Select(t => (JsonNode)t)]),
            ["use_rslora"] = IsRankStabilised, ["bias"] = "none", ["lora_dropout"] = 0.0, ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
        };
        if (Alphas.Count > 0) json["alpha_pattern"] = new JsonObject(Alphas.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        if (Ranks.Count > 0) json["rank_pattern"] = new JsonObject(Ranks.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value)));
        var text = json.ToJsonString(new() { WriteIndented = true }) + "\n";
        WholeFile.Write(Path.Combine(folder, File), Encoding.UTF8.GetBytes(text));
    }
}
