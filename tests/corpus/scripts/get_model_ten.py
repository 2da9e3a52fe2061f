import torch
from torchvision.models import get_model
from torchvision import datasets, transforms
NUM_CLASSES = 10
net = get_model('shufflenet_v2_x1_0', weights=None, num_classes=NUM_CLASSES)
tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
train_loader = torch.utils.data.DataLoader(datasets.CIFAR100('.', train=True, transform=tf, download=True), 128, True)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
for inputs, targets in train_loader:
    opt.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(inputs), targets)
    loss.backward()
    opt.step()
