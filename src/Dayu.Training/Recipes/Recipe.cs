using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dayu.Training;

/// <summary>
/// Everything that decides what a training makes: the same recipe, the same model. What a file leaves out keeps its default (which
/// is why nothing here is <c>init</c>: the JSON reader would overwrite it).
/// </summary>
public sealed record Recipe
{
    /// <summary>The version of this form.</summary>
    public const int Newest = 1;

    /// <summary>The JSON schema that an editor checks it by: <c>docs/recipe.schema.json</c>. Not read.</summary>
    [JsonPropertyName("$schema"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Schema { get; set; }

    /// <summary>Weights that start as random numbers; a tokenizer with a token for each character.</summary>
    public const string Random = "random", Characters = "characters";

    /// <summary>The version of the form it is written in.</summary>
    public int Version { get; set; } = Newest;

    /// <summary>What the weights start as: <c>random</c>, or the path of a model that is trained further.</summary>
    public string Start { get; set; } = Random;

    /// <summary>
    /// The model, in the terms of <c>config.json</c>, or <c>{"size": "tiny"}</c>, <c>{"depth": 6}</c> or <c>{"shape": "gpt2"}</c>; not
    /// needed where it starts as another model.
    /// </summary>
    public JsonObject? Model { get; set; }

    /// <summary>
    /// Low-rank pairs on the model that it starts as: they alone are trained, and a checkpoint holds nothing else (Hu et al. 2021,
    /// arXiv:2106.09685). null: all weights are trained.
    /// </summary>
    public AdapterRecipe? Adapter { get; set; }

    /// <summary>What is learnt.</summary>
    public DataRecipe Data { get; set; } = new();

    /// <summary>How preferences are learnt, where the data are pairs of answers; null: by DPO.</summary>
    public PreferenceRecipe? Preference { get; set; }

    /// <summary>Whose predictions are learnt too; null: nobody's.</summary>
    public TeacherRecipe? Teacher { get; set; }

    /// <summary>How parameters change.</summary>
    public OptimizerRecipe Optimizer { get; set; } = new();

    /// <summary>The learning rate.</summary>
    public ScheduleRecipe Schedule { get; set; } = new();

    /// <summary>What is measured on the way.</summary>
    public EvalRecipe Eval { get; set; } = new();

    /// <summary>Checkpoints.</summary>
    public SaveRecipe Save { get; set; } = new();

    /// <summary>
    /// Products in <c>float32</c> or <c>bfloat16</c> (sums and master weights stay float32); <c>auto</c>: what this machine is faster in.
    /// </summary>
    public string Precision { get; set; } = "auto";

    /// <summary>Whether blocks are computed again in the backward pass, to save memory.</summary>
    public bool Checkpointing { get; set; }

    /// <summary>Of weights, batches and dropout.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Whether pairs of answers are learnt.</summary>
    [JsonIgnore]
    public bool IsPreference => Data.Sources.Any(s => (s.Kind ?? Data.Kind) == SourceKind.Preference);

    /// <summary>The tokenizer: what is said of it, else that of the model it starts as, else <see cref="Characters"/>.</summary>
    [JsonIgnore]
    public string TokenizerName => Data.Tokenizer ?? (Start == Random ? Characters : Start);
}

/// <summary>What is learnt.</summary>
public sealed record DataRecipe
{
    /// <summary>What is learnt from: each a path, or <c>{"path": "…", "weight": 2, "name": "news"}</c>.</summary>
    public SourceRecipe[] Sources { get; set; } = [];

    /// <summary>
    /// Other weights of the sources from some step on: <c>[{"from": 0.8, "weights": {"books": 5, "news": 1}}]</c>; null: they stay.
    /// </summary>
    public MixtureRecipe[]? Mixture { get; set; }

    /// <summary>What they hold: <c>text</c>, <c>chat</c> or <c>preference</c>.</summary>
    public SourceKind Kind { get; set; } = SourceKind.Text;

    /// <summary>The file of the chat template that conversations are written with; null: that of the model it starts as.</summary>
    public string? Template { get; set; }

    /// <summary>
    /// <c>characters</c>: a token for each character of the text; or the path of a tokenizer, or of a model that has one. null: that
    /// of the model it starts as, else characters.
    /// </summary>
    public string? Tokenizer { get; set; }

    /// <summary>The last part of each text, or the last of several, is held out, to measure on: a share, 0 … below 1.</summary>
    public double Validation { get; set; } = 0.1;

    /// <summary>Tokens of a sequence.</summary>
    public int Window { get; set; } = 256;

    /// <summary>Sequences of a pass; of preferences, pairs.</summary>
    public int Batch { get; set; } = 16;

    /// <summary>Passes of a step.</summary>
    public int Accumulate { get; set; } = 1;
}

/// <summary>How parameters change.</summary>
public sealed record OptimizerRecipe
{
    /// <summary><c>adamw</c>, <c>muon</c> or <c>sgd</c>.</summary>
    public string Name { get; set; } = "adamw";

    /// <summary>AdamW: share of the first moment that stays.</summary>
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>AdamW: share of the second moment that stays.</summary>
    public float Beta2 { get; set; } = 0.95f;

    /// <summary>AdamW: added to the root of the second moment.</summary>
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>Muon and SGD: share of the momentum that stays.</summary>
    public float Momentum { get; set; } = 0.95f;

    /// <summary>SGD and Muon: looks ahead along the momentum.</summary>
    public bool Nesterov { get; set; } = true;

    /// <summary>Weight decay of matrices.</summary>
    public float Decay { get; set; } = 0.1f;

    /// <summary>Muon: the rate of embeddings, head and vectors, as a share of that of the matrices.</summary>
    public float Others { get; set; } = 0.15f;

    /// <summary>The gradient's norm at most; null: it is not clipped.</summary>
    public double? Clip { get; set; } = 1;

    /// <summary>Label smoothing, 0 … below 1.</summary>
    public float Smoothing { get; set; }

    /// <summary>
    /// Exponential moving average of the weights: the share of it that stays in a step, 0.999 or so. The averaged model is what is
    /// measured, sampled and saved; the training goes its way as without. null: nothing is averaged.
    /// </summary>
    public float? Ema { get; set; }
}

/// <summary>The learning rate; see <see cref="Training.Schedule"/>.</summary>
public sealed record ScheduleRecipe
{
    /// <summary><c>constant</c>, <c>linear</c>, <c>cosine</c>, <c>wsd</c> or <c>inverse_sqrt</c>.</summary>
    public ScheduleKind Kind { get; set; } = ScheduleKind.Cosine;

    /// <summary>Its highest.</summary>
    public double Rate { get; set; } = 1e-3;

    /// <summary>Its lowest, as a share of the highest.</summary>
    public double Least { get; set; } = 0.1;

    /// <summary>Steps in which it rises; null: a tenth of all, 100 at most.</summary>
    public long? Warmup { get; set; }

    /// <summary>Steps in all.</summary>
    public long Steps { get; set; } = 2000;

    /// <summary>Of <c>wsd</c>: the share of all steps in which it falls.</summary>
    public double Decay { get; set; } = 0.2;
}

/// <summary>What is measured on the way.</summary>
public sealed record EvalRecipe
{
    /// <summary>Steps between two measurements; the last step is always measured.</summary>
    public long Every { get; set; } = 250;

    /// <summary>Tokens of the held-out text that are read each time; null: all.</summary>
    public int? Tokens { get; set; } = 20_000;

    /// <summary>
    /// Whether it is measured how often the model knows a passage's last word (LAMBADA): <c>true</c>, for the passages of the data
    /// folder, or the path of others. null: it is not.
    /// </summary>
    public JsonNode? Lambada { get; set; }

    /// <summary>Passages that are tried each time, the first ones; null: all.</summary>
    public int? LambadaPassages { get; set; } = 500;

    /// <summary>What the model is to go on with, each time.</summary>
    public string[] Prompts { get; set; } = [];

    /// <summary>Tokens of such an answer.</summary>
    public int SampleTokens { get; set; } = 100;
}

/// <summary>Checkpoints.</summary>
public sealed record SaveRecipe
{
    /// <summary>Steps between two checkpoints; the last step is always kept.</summary>
    public long Every { get; set; } = 500;

    /// <summary>The newest that stay; the best one stays besides.</summary>
    public int Keep { get; set; } = 3;

    /// <summary>
    /// Which measurement says which one is the best: <c>validation_loss</c>, <c>validation.NAME</c> of a source, or another that is
    /// taken: <c>lambada</c>.
    /// </summary>
    public string BestBy { get; set; } = BestCheckpoint.Default;
}

[JsonSerializable(typeof(Recipe))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    UseStringEnumConverter = true, ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
sealed partial class RecipeJson : JsonSerializerContext;
