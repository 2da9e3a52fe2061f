import torch
from torch import nn, optim
from torchvision import models


def set_parameter_requires_grad(model, feature_extracting):
    if feature_extracting:
        for param in model.parameters():
            param.requires_grad = False


def initialize_model(model_name, num_classes, feature_extract=True, use_pretrained=True):
    if model_name == "squeezenet":
        net = models.squeezenet1_0(weights="DEFAULT" if use_pretrained else None)
        net.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=(1, 1))
        input_size = 224
    elif model_name == "densenet":
        net = models.densenet121(weights="DEFAULT" if use_pretrained else None)
        net.classifier = nn.Linear(net.classifier.in_features, num_classes)
        input_size = 224
    else:
        raise ValueError("Invalid model name: " + model_name)
    set_parameter_requires_grad(net, feature_extract)
    return net, input_size


model_ft, input_size = initialize_model("squeezenet", 4)
params_to_update = [p for p in model_ft.parameters() if p.requires_grad]
print("Params to learn:", len(params_to_update))
optimizer_ft = optim.SGD(params_to_update, lr=0.001, momentum=0.9)
criterion = nn.CrossEntropyLoss()
