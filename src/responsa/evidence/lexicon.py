"""Words whose exchange turns a statement round: opposites, negations, units, names of one family."""
# ruff: noqa: E501 - lists of words, an axis or a dimension a line

import re
from importlib.resources import files
from typing import Final

STOP: Final = frozenset(
    "a an the and or but of in on at to for from by with as is are was were be been being am do does did has have had "
    "having it its this that these those there here which who whom whose what when where how why than then so such "
    "also both each any some other their his her they them he she we you your our us i my me if while because since "
    "although though whether into onto upon about between among during through per via can could may might will would "
    "shall should must often usually generally typically however therefore thus hence moreover additionally "
    "furthermore overall finally specifically particularly especially mainly primarily e.g i.e etc vs".split()
)
NEGATIONS: Final = frozenset(
    "not no never without neither nor none nothing nobody cannot lack lacks lacking lacked absent absence fail fails "
    "failed unable non hardly".split()
)
NEGATING: Final = ("un", "in", "im", "ir", "il", "non", "dis", "a")
"""Prefixes that negate the word behind them; a pair counts only where both words stand against each other."""

OPPOSITES: Final = files("responsa.evidence").joinpath("opposites.txt").read_text("ascii")
"""Pairs of everyday words, from WordNet (`tools/make_opposites.py`)."""

# One axis a line: one pole | the other. A word may lie on several axes.
_AXES: Final = """
increase rise raise elevate intensify heighten amplify grow growth boost augment escalate gain enhance expand up upregulate higher high more greater larger most maximum maximal highest greatest largest increasingly double | decrease fall lower cut reduce reduction decline drop diminish lessen shrink down downregulate low less fewer smaller least minimum minimal lowest smallest fewest loss lose decreasingly halve
improve improvement ease relieve alleviate soothe enhance enhancement better benefit beneficial strengthen superior best favorable advantage | worsen worse aggravate exacerbate harm harmful impair weaken inferior worst deteriorate adverse unfavorable detrimental disadvantage
before prior precede early earlier previous pre | after follow late later subsequent post
above over upper top | below under beneath lower bottom
positive positively | negative negatively
activate stimulate promote induce agonist excite excitatory facilitate enable allow permit support encourage | inactivate deactivate inhibit suppress block antagonist inhibitory prevent hinder prohibit forbid oppose discourage
long longer lengthen prolong extend | short shorter shorten
fast faster quick quickly rapid rapidly accelerate speed | slow slower slowly decelerate delay gradual
abrupt sudden | gradual
often frequent frequently common commonly always usual usually typically generally normally mostly likely | rare rarely unlikely infrequent infrequently uncommon never seldom
internal inner inside inward intrinsic endogenous | external outer outside outward extrinsic exogenous
left | right
anterior | posterior
dorsal | ventral
medial | lateral
proximal | distal
north northern | south southern
east eastern | west western
ascend ascending | descend descending
afferent | efferent
large big wide widen widened broad thick deep | small tiny narrow narrowed thin shallow
strong stronger strongly heavy intense severe profound | weak weaker weakly light mild slight faint
hot warm heat warmth warmer | cold cool colder
acidic | alkaline
open | close
import | export
buy buyer | sell seller
exothermic | endothermic
begin start onset initiate | end stop cease terminate
win | lose
success successful succeed | failure fail
safe | dangerous unsafe
same similar similarity | different difference
direct directly | indirect indirectly
simple easy easier | complex difficult harder hard
old older | young younger
rich | poor
much many | little few
young younger youngest | old older oldest elderly
clean sterile | dirty contaminated
dry | wet moist
soft | hard
thick thicker | thin thinner
met reach achieve | miss
hyperactive overactive | underactive hypoactive inactive
overweight obese | underweight
continue continuous | stop interrupt intermittent
asymptomatic | symptomatic
specific | nonspecific
reversible | irreversible
contagious infectious | noncontagious noninfectious
early earlier earliest premature precocious | late later latest delay delayed overdue
full | empty
light | dark
appear appearance | disappear disappearance
gain | lose loss
inhale | exhale
upstream | downstream
upper | lower
front anterior | back posterior
day daytime daily | night nighttime nightly
summer | winter
likely probable | unlikely improbable
dilate dilation vasodilation | constrict constriction vasoconstriction
expand expansion | contract contraction
absorb absorption | emit release emission secretion
attract attraction | repel repulsion
accept | reject
include | exclude
majority | minority
major | minor
primary | secondary
acute | chronic
benign | malignant
active | passive
public | private
male man men boy father | female woman women girl mother
child children pediatric infant | adult elderly
arterial artery | venous vein
systolic | diastolic
bacterial bacteria | viral virus
oral orally | intravenous intravenously
mandatory compulsory required | optional voluntary
legal lawful | illegal unlawful
systemic | locoregional localized
domestic | foreign
qualitative | quantitative
objective | subjective
horizontal horizontally | vertical vertically
aerobic | anaerobic
dominant | recessive
sensitivity | specificity
true | false
supply | demand
asset | liability
debit | credit
plaintiff | defendant
anode | cathode
cation | anion
numerator | denominator
input | output
convex | concave
symmetric | asymmetric
hyperglycemia hypertension hyperthyroidism hyperkalemia hyperthermia hypernatremia | hypoglycemia hypotension hypothyroidism hypokalemia hypothermia hyponatremia
recommend indicated preferred advised advisable suggested | contraindicated discouraged inadvisable unadvisable avoided avoid
standard established | obsolete experimental abandoned
effective efficacious | ineffective useless
first firstline | second third secondline
ancient | modern
excess excessive surplus overload overabundance much | deficiency deficient shortage deficit scarcity lack little
near nearby close | far distant remote
bright | dark dim dull
≥ > | ≤ <
"""
AXES: Final[dict[str, frozenset[tuple[int, bool]]]] = {}
"""Word: the axes it lies on, and whether at the first pole."""
for _number, _line in enumerate(_AXES.strip().splitlines()):
    for _pole, _words in zip((True, False), _line.split(" | "), strict=True):
        for _word in _words.split():
            AXES[_word] = AXES.get(_word, frozenset()) | {(_number, _pole)}
for _number, _line in enumerate(OPPOSITES.splitlines(), len(_AXES.splitlines())):
    for _pole, _word in zip((True, False), _line.split(), strict=True):
        AXES[_word] = AXES.get(_word, frozenset()) | {(_number, _pole)}
POPULATIONS: Final = frozenset(
    "male female man woman men women boy girl boys girls child children pediatric paediatric infant infants infancy baby "
    "babies newborn newborns neonate neonates toddler toddlers childhood adolescent adolescents adolescence teenager "
    "teenagers teen teens teenage youth adult adults adulthood elderly senior seniors geriatric pregnant pregnancy "
    "postmenopausal premenopausal menopausal breastfeeding smoker smokers nonsmoker nonsmokers diabetic diabetics "
    "vegetarian vegan athlete athletes veteran veterans prisoner prisoners student students preschool school-age mothers "
    "mother fathers father grandparents middleage youngadult oldage ashkenazi sephardic hispanic asian african european caucasian".split()
)
"""Whom a statement is about; one exchanged for another is another statement."""
RECOMMENDATIONS: Final = frozenset(
    "recommend indicated preferred advised advisable suggested contraindicated discouraged inadvisable unadvisable "
    "avoided avoid standard established obsolete experimental abandoned".split()
)

_FAMILIES: Final = """
oxygen nitrogen hydrogen carbon sodium potassium calcium magnesium iron zinc copper chlorine sulfur phosphorus helium silicon aluminum aluminium lead mercury gold silver lithium iodine fluorine fluoride manganese selenium chromium cobalt nickel arsenic cadmium uranium radon argon neon
liver kidney heart lung brain stomach pancreas spleen bladder colon skin uterus ovary prostate thyroid breast esophagus oesophagus rectum bone marrow bowel intestine gallbladder throat tongue larynx cervix testis testicle muscle retina cornea eye ear nose
hepatic renal cardiac pulmonary cerebral gastric pancreatic splenic colonic colorectal rectal cutaneous uterine ovarian prostatic esophageal cervical testicular endometrial bronchial intestinal biliary adrenal pituitary lung breast prostate thyroid bladder skin kidney liver brain blood bone
insulin glucagon cortisol estrogen oestrogen testosterone progesterone adrenaline epinephrine norepinephrine dopamine serotonin melatonin oxytocin histamine aldosterone thyroxine prolactin vasopressin somatotropin growthhormone gastrin leptin ghrelin calcitonin renin erythropoietin acetylcholine glutamate gaba
protein fat carbohydrate lipid fiber fibre sugar starch cholesterol glucose lactose fructose sucrose
red blue green yellow white black orange purple brown pink
neutrophil lymphocyte monocyte eosinophil basophil erythrocyte platelet macrophage
measles mumps rubella influenza flu malaria dengue tuberculosis cholera typhoid tetanus diphtheria polio hepatitis pneumonia botulism pertussis chickenpox shingles smallpox herpes syphilis gonorrhea chlamydia rabies plague anthrax leprosy ebola zika covid aids hiv meningitis encephalitis sepsis tonsillitis bronchitis croup scabies ringworm
asthma diabetes hypertension stroke heartattack heartfailure infarction angina epilepsy migraine dementia alzheimer parkinson arthritis osteoporosis gout lupus psoriasis eczema anemia anaemia leukemia leukaemia lymphoma melanoma sarcoma glaucoma cataract cirrhosis obesity depression schizophrenia autism anxiety copd emphysema fibrosis scoliosis endometriosis atherosclerosis thrombosis embolism aneurysm hemophilia haemophilia thalassemia myeloma jaundice ulcer hernia appendicitis gallstone kidneystone hypothyroidism hyperthyroidism psychosis insomnia apnea tinnitus vertigo deafness blindness
hepatocellular cholangiocarcinoma angiosarcoma hemangioma haemangioma hepatoblastoma adenoma metastasis metastases carcinoid
drug: aspirin ibuprofen acetaminophen paracetamol naproxen diclofenac celecoxib morphine codeine oxycodone fentanyl tramadol methadone naloxone lidocaine ketamine propofol
drug: colchicine allopurinol febuxostat probenecid prednisone prednisolone dexamethasone hydrocortisone methotrexate azathioprine hydroxychloroquine chloroquine quinine cyclosporine tacrolimus cyclophosphamide
drug: metformin glipizide glyburide insulin sitagliptin pioglitazone liraglutide semaglutide empagliflozin dapagliflozin acarbose
drug: warfarin heparin aspirin clopidogrel ticagrelor rivaroxaban apixaban dabigatran alteplase digoxin amiodarone verapamil diltiazem nifedipine amlodipine propranolol metoprolol atenolol bisoprolol carvedilol lisinopril enalapril ramipril captopril losartan valsartan candesartan sacubitril spironolactone furosemide hydrochlorothiazide nitroglycerin simvastatin atorvastatin rosuvastatin statin niacin ezetimibe
drug: penicillin amoxicillin ampicillin azithromycin erythromycin clarithromycin doxycycline tetracycline ciprofloxacin levofloxacin vancomycin gentamicin cephalexin ceftriaxone metronidazole clindamycin trimethoprim sulfamethoxazole nitrofurantoin rifampin rifampicin isoniazid pyrazinamide ethambutol streptomycin fluconazole terbinafine nystatin acyclovir valacyclovir oseltamivir remdesivir zidovudine tenofovir ribavirin interferon ivermectin albendazole
drug: fluoxetine sertraline citalopram paroxetine venlafaxine bupropion amitriptyline lithium haloperidol risperidone olanzapine quetiapine clozapine aripiprazole diazepam lorazepam alprazolam clonazepam zolpidem phenytoin carbamazepine valproate lamotrigine levetiracetam topiramate gabapentin pregabalin phenobarbital levodopa donepezil memantine methylphenidate caffeine nicotine
drug: tamoxifen anastrozole letrozole exemestane trastuzumab rituximab bevacizumab imatinib cisplatin carboplatin oxaliplatin doxorubicin paclitaxel docetaxel fluorouracil capecitabine gemcitabine etoposide vincristine irinotecan octreotide lanreotide sorafenib lenvatinib nilotinib dasatinib pembrolizumab nivolumab atezolizumab ipilimumab durvalumab tremelimumab bleomycin thalidomide lenalidomide bortezomib
drug: salbutamol albuterol salmeterol fluticasone budesonide montelukast theophylline ipratropium tiotropium epinephrine loratadine cetirizine diphenhydramine omeprazole pantoprazole ranitidine famotidine loperamide ondansetron metoclopramide bromocriptine cabergoline levothyroxine methimazole propylthiouracil alendronate risedronate zoledronate raloxifene denosumab finasteride tamsulosin sildenafil
drug: antibiotic antibacterial betablocker aceinhibitor calciumchannelblocker bisphosphonate bronchodilator decongestant nitrate stimulant antispasmodic thiazolidinedione sulfonylurea nsaid antiarrhythmic vasodilator immunosuppressant biologic antimalarial anthelmintic antiseptic antitussive expectorant contraceptive antiandrogen triptan tricyclic benzodiazepine barbiturate hypnotic tranquilizer neuroleptic retinoid digitalis antiplatelet antidiabetic antimetabolite anesthetic anaesthetic narcotic analgesic
drug: mebendazole praziquantel pyrantel permethrin malathion lindane indomethacin ketorolac meloxicam piroxicam sulfasalazine mesalamine mercaptopurine infliximab adalimumab etanercept leflunomide penicillamine tetrabenazine riluzole baclofen tizanidine dantrolene botulinum pyridostigmine neostigmine oxybutynin tolterodine mirabegron isotretinoin tretinoin minoxidil spinosad misoprostol mifepristone methylergonovine clomiphene danazol leuprolide flutamide bicalutamide oxazepam temazepam midazolam buspirone mirtazapine trazodone duloxetine escitalopram desipramine nortriptyline imipramine clomipramine atomoxetine modafinil dextroamphetamine amphetamine cocaine heroin buprenorphine naltrexone disulfiram acamprosate varenicline ethosuximide lacosamide primidone felbamate ropinirole pramipexole selegiline rasagiline amantadine benztropine rivastigmine galantamine dutasteride bumetanide torsemide chlorthalidone eplerenone hydralazine clonidine methyldopa prazosin doxazosin terazosin ranolazine ivabradine milrinone dobutamine dopamine sotalol flecainide propafenone quinidine lidocaine procainamide adenosine gemfibrozil fenofibrate cholestyramine colesevelam dipyridamole ticlopidine prasugrel streptokinase urokinase enoxaparin fondaparinux
drug: antibiotic antifungal antiviral antiparasitic antihistamine anticoagulant antidepressant antipsychotic anticonvulsant antihypertensive antiemetic antacid corticosteroid steroid diuretic laxative painkiller opioid sedative vaccine chemotherapy radiotherapy radiation immunotherapy transplantation dialysis
tumor virus bacterium bacteria fungus parasite prion
gene chromosome enzyme antibody antigen hormone
mri ct ultrasound x-ray pet mammography colonoscopy endoscopy biopsy electrocardiogram electroencephalogram
psa cea afp alpha-fetoprotein ca19
mitochondria chloroplast nucleus ribosome lysosome vacuole peroxisome
plaintiff prosecutor judge jury defendant
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
spring summer autumn winter
cow dog cat horse pig sheep goat chicken mouse rat rabbit mosquito tick flea louse
"""
FRACTIONS: Final = frozenset("half third quarter fifth sixth eighth tenth".split())
TIMES: Final = frozenset("once twice thrice single double triple quadruple doubled tripled quadrupled halved".split())
PREFIXES: Final = (
    ("hyper", "hypo"), ("over", "under"), ("pre", "post"), ("micro", "macro"), ("intra", "extra"), ("inter", "intra"),
    ("anti", "pro"), ("in", "ex"), ("up", "down"), ("endo", "exo"), ("mono", "poly"), ("uni", "bi"), ("homo", "hetero"),
    ("supra", "infra"), ("brady", "tachy"), ("ab", "ad"), ("maxi", "mini"),
)  # fmt: skip
"""A word with the one against the same word with the other says the opposite."""
FAMILIES: Final[dict[str, frozenset[int]]] = {}
"""Word: the families it belongs to; one member in another's place is another statement. Drugs are one family."""
for _number, _line in enumerate(_FAMILIES.strip().splitlines()):
    for _word in _line.removeprefix("drug: ").split():
        _family = 0 if _line.startswith("drug: ") else _number + 1
        FAMILIES[_word] = FAMILIES.get(_word, frozenset()) | {_family}

TERM: Final = re.compile(
    r"[a-z-]{3,}(?:mab|nib|cillin|mycin|micin|azole|sartan|statin|olol|pril|dipine|parin|navir|tegravir|buvir|gliptin|"
    r"gliflozin|glutide|caine|azepam|zolam|setron|triptan|platin|taxel|rubicin|ciclib|parib|formin|xaban|gatran|farin|"
    r"floxacin|cycline|sone|solone|lukast|terol|tropium|semide|thiazide|actone|gabalin|pentin|triptyline|oxetine|"
    r"pramine|apine|idone|peridol|grel|grelor|dronate|dronic|profen|fenac|coxib|tidine|prazole|vudine|c[iy]clovir|asone|onide|barbital|toin|zosin|steride|lukast|tadine|rizine|oxifene|trozole|cristine|tecan|limus|zomib|stim|poetin|itis|oma|emia|osis|opathy|ectomy|ostomy|oscopy|ography|ase|globulin|phil|cyte|virus|"
    r"coccus|kinase|mide|bicin|trexate|citabine|afenib)"
)
"""Names of drugs, diseases, procedures and enzymes by their endings; they are written small."""
NO_TERM: Final = frozenset(
    "phase base case increase decrease disease release purchase phrase database baseline lease chase erase cease "
    "please ease tease grease person reason season lesson poison prison mason diagnosis prognosis hypothesis basis "
    "emphasis crisis analysis synthesis thesis oasis neurosis process diploma aroma idioma".split()
)

_UNITS: Final = """
time s=1 sec=1 second=1 ms=0.001 millisecond=0.001 min=60 minute=60 h=3600 hr=3600 hour=3600 d=86400 day=86400 week=604800 month=2629800 year=31557600 yr=31557600 decade=315576000 century=3155760000 centuries=3155760000
mass g=1 gram=1 mg=0.001 milligram=0.001 ug=0.000001 mcg=0.000001 microgram=0.000001 ng=0.000000001 kg=1000 kilogram=1000 lb=453.6 pound=453.6 oz=28.35 ounce=28.35 ton=1000000 tonne=1000000
length m=1 meter=1 metre=1 mm=0.001 millimeter=0.001 millimetre=0.001 cm=0.01 centimeter=0.01 centimetre=0.01 km=1000 kilometer=1000 kilometre=1000 um=0.000001 micrometer=0.000001 micrometre=0.000001 micron=0.000001 nm=0.000000001 nanometer=0.000000001 inch=0.0254 inche=0.0254 foot=0.3048 feet=0.3048 ft=0.3048 mile=1609 yard=0.9144
volume l=1 liter=1 litre=1 ml=0.001 milliliter=0.001 millilitre=0.001 dl=0.1 deciliter=0.1 decilitre=0.1 ul=0.000001 microliter=0.000001 gallon=3.785 cup=0.2366 pint=0.4732 quart=0.9464 tablespoon=0.0148 tbsp=0.0148 teaspoon=0.0049 tsp=0.0049 cc=0.001
share %=1 percent=1
amount mol=1 mole=1 mmol=0.001 umol=0.000001 nmol=0.000000001
frequency hz=1 hertz=1 khz=1000 mhz=1000000 ghz=1000000000
voltage v=1 volt=1 mv=0.001 millivolt=0.001 kv=1000
power w=1 watt=1 kw=1000 kilowatt=1000 mw=1000000 megawatt=1000000
energy j=1 joule=1 kj=1000 kilojoule=1000 cal=4.184 kcal=4184 calorie=4.184 kilocalorie=4184 ev=1.6e-19
pressure pa=1 kpa=1000 mpa=1000000 mmhg=133.3 atm=101325 bar=100000 psi=6895
celsius celsius=1 °c=1
fahrenheit fahrenheit=1 °f=1
kelvin kelvin=1
angle degree=1 °=1 radian=57.3
dollars dollar=1 usd=1 $=1 cent=0.01
euros euro=1 eur=1 €=1
pounds gbp=1 £=1
data byte=1 kb=1000 mb=1000000 gb=1e9 tb=1e12 bit=0.125
activity iu=1 unit=1
rate bpm=1
"""
UNITS: Final[dict[str, tuple[str, float]]] = {
    name: (line.split()[0], float(factor))
    for line in _UNITS.strip().splitlines()
    for name, _, factor in (part.partition("=") for part in line.split()[1:])
}
NUMBERS: Final = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
