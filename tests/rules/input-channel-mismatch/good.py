import torch
from torch import nn
from torchvision import datasets, models, transforms

tf = transforms.Compose([transforms.Grayscale(num_output_channels=3), transforms.Resize(64), transforms.ToTensor()])
train = datasets.MNIST("d", train=True, transform=tf)
model = models.resnet18(num_classes=10)
plain = models.resnet18(weights=None, num_classes=10)
plain.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
for images, labels in torch.utils.data.DataLoader(train, batch_size=8, shuffle=True):
    model(images)
    plain(images[:, :1])
